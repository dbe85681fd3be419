package dev.roster.docs;

import dev.roster.support.RosterExtension;
import dev.roster.support.contract.Caller;
import dev.roster.support.contract.DocumentedRequests;
import dev.roster.support.http.OpenApi;
import dev.roster.support.http.Routes;
import java.util.Collection;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The users' document describes the requests that the service reads. */
class OpenApiRequestsIT extends DocumentedRequests {
    private static final Routes RUNNING = new Routes();

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension().running(RUNNING::service);

    OpenApiRequestsIT() {
        super(OpenApi.USERS);
    }

    @Override
    protected Caller newCaller() {
        return UserCaller.of(ROSTER);
    }

    @Override
    protected Collection<String> routes() {
        return RUNNING.ofApi();
    }

    @Override
    protected Map<String, Class<?>> bodies() {
        return RUNNING.bodies();
    }
}
