package dev.roster.admin;

import dev.roster.admin.access.KeyFilter;
import dev.roster.admin.access.OperatorRequests;
import dev.roster.admin.access.ScopeCheck;
import dev.roster.admin.key.KeyResource;
import dev.roster.admin.key.SigningKeyResource;
import dev.roster.admin.page.PageResource;
import dev.roster.admin.query.AuditResource;
import dev.roster.admin.query.OperatorListResource;
import dev.roster.admin.query.OperatorUserResource;
import dev.roster.admin.user.UserAccessResource;
import dev.roster.admin.user.UserWriteResource;
import dev.roster.apikey.ApiKeyModule;
import dev.roster.host.Host;
import dev.roster.host.Room;
import dev.roster.operator.Operators;
import dev.roster.query.QueryModule;

/** The operators' API and their page. */
public final class AdminModule implements Room {
    private final AdminConfiguration configuration;
    private final ApiKeyModule keys;
    private final Operators operators;
    private final QueryModule queries;

    public AdminModule(AdminConfiguration configuration, ApiKeyModule keys, Operators operators, QueryModule queries) {
        this.configuration = configuration;
        this.keys = keys;
        this.operators = operators;
        this.queries = queries;
    }

    @Override
    public void plugInto(Host host) {
        host.adminJersey(new PageResource());
        host.adminJersey(new ScopeCheck());
        host.adminJersey(
                new KeyFilter(keys.keys(), keys.limits(), new OperatorRequests(configuration.areReasonsRequired())));
        host.adminJersey(new KeyResource(operators.keys()));
        host.adminJersey(new SigningKeyResource(operators.signingKeys()));
        host.adminJersey(new OperatorListResource(queries.lists()));
        host.adminJersey(new OperatorUserResource(queries.operatorReads(), operators.export()));
        host.adminJersey(new AuditResource(queries.listReads(), queries.cursors()));
        host.adminJersey(new UserWriteResource(operators.users()));
        host.adminJersey(new UserAccessResource(operators.users()));
    }
}
