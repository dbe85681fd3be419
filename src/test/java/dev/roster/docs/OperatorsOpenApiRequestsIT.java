package dev.roster.docs;

import dev.roster.support.RosterExtension;
import dev.roster.support.contract.Caller;
import dev.roster.support.contract.DocumentedRequests;
import dev.roster.support.http.AdminRoutes;
import dev.roster.support.http.AdminRoutes.Route;
import dev.roster.support.http.OpenApi;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The operators' document describes the requests that the service reads. */
class OperatorsOpenApiRequestsIT extends DocumentedRequests {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension().with("TOKEN_ALGORITHM", "ES256");

    OperatorsOpenApiRequestsIT() {
        super(OpenApi.OPERATORS);
    }

    @Override
    protected Caller newCaller() {
        return new OperatorCaller(ROSTER);
    }

    @Override
    protected Collection<String> routes() {
        return AdminRoutes.of(ROSTER).stream().map(Route::documented).toList();
    }

    @Override
    protected Map<String, Class<?>> bodies() {
        return AdminRoutes.of(ROSTER).stream()
                .filter(route -> route.body() != null)
                .collect(Collectors.toMap(Route::documented, route -> Objects.requireNonNull(route.body())));
    }
}
