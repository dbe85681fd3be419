package dev.roster.database;

import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.time.Duration;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A database that an operator or a provider has made read-only. */
class ReadOnlyDatabaseIT {
    private static final int WRITES = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension().on(TestDatabase.migrated());

    private final Api api = ROSTER.api();

    @Test
    void nodeIsNotReadyWhileTheDatabaseIsReadOnlyAndRecoversByItself() {
        TestUser user = api.newUser();
        try (Handle operator = ROSTER.jdbi().open()) {
            alter(operator, "SET default_transaction_read_only = on");

            Poll.until(
                    "not ready",
                    PATIENCE,
                    () -> health().status() == 503
                            && health().body()
                                    .path("database")
                                    .path("message")
                                    .asText()
                                    .equals("it is read-only: default_transaction_read_only is on"));
            expectNoWrites(user);
            Poll.until(
                    "read", PATIENCE, () -> api.get(user.path(), user.token()).status() == 200);

            alter(operator, "RESET default_transaction_read_only");

            Poll.until("ready", PATIENCE, () -> health().status() == 200);
            Poll.until(
                    "served",
                    PATIENCE,
                    () -> api.put(user.path(), user.token(), Map.of("name", "C"))
                                    .status()
                            == 200);
        }
    }

    /** Sessions that are open keep the setting with which they began. The service connects again. */
    @Test
    void poolsRecoverFromSessionsThatBeganReadOnly() {
        TestUser user = api.newUser();
        try (Handle operator = ROSTER.jdbi().open()) {
            alter(operator, "SET default_transaction_read_only = on");
            expectNoWrites(user);
            reset(operator);

            Poll.until(
                    "served",
                    PATIENCE,
                    () -> api.put(user.path(), user.token(), Map.of("name", "C"))
                                    .status()
                            == 200);
        }
    }

    /** As many as the pool has connections, and more, so that all of them are new. */
    private void expectNoWrites(TestUser user) {
        for (int i = 0; i < WRITES; i++) {
            api.put(user.path(), user.token(), Map.of("name", "B" + i)).expectProblem(503, "unavailable");
        }
    }

    private static Reply health() {
        return new Api(ROSTER.admin()).raw("GET", "/healthcheck");
    }

    private static void reset(Handle operator) {
        operator.execute("ALTER DATABASE " + name() + " RESET default_transaction_read_only");
    }

    /** Changes the setting of the database, and ends all other sessions. */
    private static void alter(Handle operator, String setting) {
        operator.execute("ALTER DATABASE " + name() + " " + setting);
        operator.createQuery("""
                        SELECT pg_terminate_backend(pid)
                          FROM pg_stat_activity
                         WHERE datname = current_database() AND pid <> pg_backend_pid()
                        """).mapTo(Boolean.class).list();
    }

    private static String name() {
        return ROSTER.database().url().replaceAll(".*/", "");
    }
}
