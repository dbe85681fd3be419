package dev.roster.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Concurrently;
import dev.roster.support.database.PrivatePostgres;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.fault.Link;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import dev.roster.support.process.RosterProcess;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A database that is far away, and asks for a password. */
class FarDatabaseIT {
    private static final String USER = "far";
    private static final PrivatePostgres POSTGRES = new PrivatePostgres();
    private static final TestDatabase DATABASE = TestDatabase.migrated(POSTGRES);
    private static final Link LINK = Link.to(DATABASE.url());

    static {
        POSTGRES.addUser(USER, USER);
        Jdbi jdbi = DATABASE.jdbi();
        jdbi.useHandle(handle -> handle.execute("ALTER ROLE " + USER + " SUPERUSER"));
    }

    @AfterAll
    static void stop() {
        LINK.close();
        POSTGRES.close();
    }

    @Test
    void defaultsServeADatabaseThatIsARoundTripOf200MsAway() {
        LINK.delay(Duration.ofMillis(100));

        try (RosterProcess roster = RosterProcess.serve(environment(Map.of()))) {
            TestUser user = roster.api().newUser();

            roster.api().get(user.path(), user.token()).expect(200);
            roster.api().get("/users?q=person", user.token()).expect(200);
            roster.api().put(user.path(), user.token(), Map.of("name", "B")).expect(200);
            roster.api().logout(user.token()).expect(204);
            roster.api().get(user.path(), user.token()).expectInvalidToken();
            assertThat(roster.output()).doesNotContain("feed_lost", "Exception");
            assertThat(roster.errors()).isEmpty();
        }
    }

    @Test
    void changesOfOneUserAtOnceSucceedWithTheDocumentedTimeouts() throws Exception {
        LINK.delay(Duration.ofMillis(40));
        Map<String, String> longer = Map.of(
                "DATABASE_STATEMENT_TIMEOUT", "5s",
                "DATABASE_SOCKET_TIMEOUT", "6s",
                "DATABASE_POOL_WAIT", "5s");

        try (RosterProcess roster = RosterProcess.serve(environment(longer))) {
            TestUser user = roster.api().newUser();

            assertThat(Concurrently.run(
                            12, i -> roster.api().put(user.path(), user.token(), Map.of("name", "Name " + i))))
                    .extracting(Reply::status)
                    .containsOnly(200);
        }
    }

    @Test
    void tooShortALoginTimeoutIsNamedInOneLine() {
        LINK.delay(Duration.ofMillis(150));

        try (RosterProcess roster =
                RosterProcess.start(environment(Map.of("DATABASE_LOGIN_TIMEOUT", "1s")), "server", "config.yml")) {
            assertThat(roster.exitCode()).isNotZero();
            assertThat(roster.errors())
                    .startsWith("Roster does not start: DATABASE_URL: no server answers in time")
                    .contains("DATABASE_LOGIN_TIMEOUT", "08001")
                    .hasLineCount(1);
        }
    }

    /** With the default timeouts, unless these differ. */
    private static Map<String, String> environment(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(DATABASE.variables(Map.of(
                "DATABASE_URL",
                LINK.url(),
                "POSTGRES_USER",
                USER,
                "POSTGRES_PASSWORD",
                USER,
                "DATABASE_STATEMENT_TIMEOUT",
                "",
                "DATABASE_SOCKET_TIMEOUT",
                "",
                "DATABASE_POOL_WAIT",
                "")));
        environment.putAll(more);
        return environment;
    }
}
