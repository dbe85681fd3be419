package dev.roster.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Concurrently;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests whose result comes later, on a service that closes a connection after five seconds without an answer. */
class LaterAnswerIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .with("DATABASE_STATEMENT_TIMEOUT", "50s")
            .with("DATABASE_SOCKET_TIMEOUT", "60s")
            .with("DATABASE_POOL_WAIT", "50s")
            .with("HASH_WAIT", "1s")
            .with("EXCHANGE_TIMEOUT", "5s");

    private final Api api = ROSTER.api();

    /** R3 */
    @Test
    void requestThatTakesTooLongIsAnsweredBeforeItsConnectionCloses() throws Exception {
        TestUser user = api.newUser();
        String newEmail = Api.newEmail();
        List<Supplier<Reply>> requests = List.of(
                () -> api.login(user.email(), Api.PASSWORD),
                () -> api.register(Api.newBody(newEmail)),
                () -> api.put(
                        user.path(),
                        user.token(),
                        Map.of("password", "Another-Horse-9", "current_password", Api.PASSWORD)));
        List<Reply> replies;
        try (Handle handle = ROSTER.jdbi().open()) {
            handle.begin();
            handle.execute("LOCK TABLE users IN ACCESS EXCLUSIVE MODE");

            replies = Concurrently.run(requests.size(), i -> requests.get(i).get());

            handle.rollback();
        }
        assertThat(replies).allSatisfy(reply -> {
            reply.expectProblem(503, "unavailable");
            assertThat(reply.header("Retry-After")).isEqualTo("1");
            assertThat(reply.body().path("detail").asText()).isEqualTo("The request took too long.");
        });
        // Afterwards, the requests do nothing more.
        api.login(user.email(), Api.PASSWORD).expect(200);
        api.register(Api.newBody(newEmail)).expect(201);
        assertThat(api.get(user.sessionsPath(), user.token()).expect(200).body().path("sessions"))
                .hasSize(2);
    }
}
