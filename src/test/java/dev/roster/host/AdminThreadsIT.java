package dev.roster.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.apikey.Scope;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.http.AdminApi;
import dev.roster.support.http.Api;
import dev.roster.support.http.Crowd;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests of operators that wait for the database leave the rest of the node alone. */
class AdminThreadsIT {
    /** Whatever waits for a lock waits as long as the test wants. */
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .with("DATABASE_STATEMENT_TIMEOUT", "50s")
            .with("DATABASE_SOCKET_TIMEOUT", "60s")
            .with("DATABASE_POOL_WAIT", "50s")
            .with("EXCHANGE_TIMEOUT", "60s")
            .with("API_KEY_REQUESTS", "0");

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int REQUESTS = 100;
    private static final int MOST = 48;
    private static final int MOST_EXPORTS = 2;

    private final Api api = ROSTER.api();
    private final Api admin = new Api(ROSTER.admin());
    private final Api.TestUser user = api.newUser();
    private final String key = TestKeys.make(ROSTER.jdbi(), Scope.USERS_READ);

    /** R3 */
    @Test
    void healthChecksAreAnsweredWhileOperatorsWait() {
        try (Handle handle = lock("users");
                Crowd crowd = send("")) {
            Poll.until("the surplus is refused", PATIENCE, () -> count(crowd, "503") == REQUESTS - MOST);

            for (String path : List.of("/ping", "/healthcheck", "/metrics", "/prometheus", "/")) {
                admin.raw("GET", path).expect(200);
            }
            assertThat(crowd.received()).filteredOn(answer -> !answer.isEmpty()).allSatisfy(answer -> assertThat(answer)
                    .contains("Retry-After: 1\r\n")
                    .contains("\"type\":\"urn:roster:problem:unavailable\""));
            handle.rollback();
            Poll.until("the others are answered", PATIENCE, () -> count(crowd, "200") == MOST);
        }
    }

    @Test
    void exportsLeaveConnectionsForOthers() {
        try (Handle handle = lock("sessions");
                Crowd crowd = send("/export")) {
            Poll.until(
                    "the surplus is refused",
                    PATIENCE,
                    () -> count(crowd, "503") == REQUESTS - MOST_EXPORTS && waiting("roster-lists") == MOST_EXPORTS);

            assertThat(waiting("roster-commands")).isZero();
            assertThat(crowd.received()).filteredOn(answer -> !answer.isEmpty()).allSatisfy(answer -> assertThat(answer)
                    .contains("Retry-After: 1\r\n"));
            new AdminApi(ROSTER.admin(), key).get("/users").expect(200);
            handle.rollback();
            Poll.until("the others are answered", PATIENCE, () -> count(crowd, "200") == MOST_EXPORTS);
        }
        new AdminApi(ROSTER.admin(), key).get("/users/" + user.id() + "/export").expect(200);
    }

    private Handle lock(String table) {
        new AdminApi(ROSTER.admin(), key).get("/users/" + user.id()).expect(200); // the node knows the key
        Handle handle = ROSTER.jdbi().open().begin();
        handle.execute("LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE");
        return handle;
    }

    private Crowd send(String member) {
        return new Crowd(ROSTER.admin(), REQUESTS)
                .send("GET /admin/v1/users/" + user.id() + member + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                        + "Bearer " + key + "\r\n\r\n");
    }

    private static long count(Crowd crowd, String status) {
        crowd.ended();
        return crowd.received().stream()
                .filter(answer -> answer.startsWith("HTTP/1.1 " + status))
                .count();
    }

    private static int waiting(String pool) {
        return ROSTER.jdbi().withHandle(handle -> handle.createQuery("""
                                SELECT count(*) FROM pg_stat_activity
                                 WHERE datname = current_database() AND application_name = :pool
                                   AND wait_event_type = 'Lock'
                                """)
                .bind("pool", pool)
                .mapTo(int.class)
                .one());
    }
}
