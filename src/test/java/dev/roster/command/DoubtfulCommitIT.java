package dev.roster.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.database.PrivatePostgres;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.fault.Link;
import dev.roster.support.http.AdminApi;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import dev.roster.support.process.CommandLine.Outcome;
import dev.roster.support.process.Shell;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Commits whose wait for a synchronous standby is ended, or whose answer is lost. The primary has made them, but its
 * successor may not have them.
 */
class DoubtfulCommitIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MOST_CONNECTIONS = 32;
    private static final String UNKNOWN =
            "The outcome is unknown: the change may have been made. Check it before you repeat it.";

    private static final PrivatePostgres PRIMARY = new PrivatePostgres();
    private static final TestDatabase DATABASE = TestDatabase.migrated(PRIMARY);
    private static final PrivatePostgres STANDBY = PrivatePostgres.standbyOf(PRIMARY);
    private static final Jdbi JDBI = DATABASE.jdbi();
    private static final Link LINK = Link.to(DATABASE.url());

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .on(DATABASE)
            .with("DATABASE_URL", LINK.url())
            .with("FEED_DATABASE_URL", DATABASE.url())
            .with("DATABASE_SOCKET_TIMEOUT", "1m")
            .with("DATABASE_STATEMENT_TIMEOUT", "50s")
            .with("API_KEY_REQUESTS", "0") // a count is a commit, too, but nobody is told of it
            .set("audit.sealInterval", "1h");

    private final Api api = ROSTER.api();
    private final Shell shell = new Shell(DATABASE);

    /** Writes of every kind. */
    enum Write {
        CHANGE,
        LOGOUT,
        LOGIN,
        REFRESH,
        REGISTRATION,
        OPERATORS
    }

    @BeforeAll
    static void replicateSynchronously() {
        JDBI.useHandle(handle -> {
            handle.execute("ALTER SYSTEM SET synchronous_standby_names = '*'");
            handle.execute("ALTER SYSTEM SET client_min_messages = 'error'"); // must not hide the warning
            handle.execute("SELECT pg_reload_conf()");
        });
        Poll.until("the standby is synchronous", PATIENCE, () -> is("sync_state = 'sync' FROM pg_stat_replication"));
    }

    @AfterEach
    void restore() {
        STANDBY.thaw();
        LINK.restore();
        Poll.until("no lost connection is left", PATIENCE, () -> IntStream.range(0, MOST_CONNECTIONS)
                .allMatch(i -> api.register(Api.newBody(Api.newEmail())).status() == 201));
    }

    @AfterAll
    static void stop() {
        STANDBY.close();
        PRIMARY.close();
    }

    @ParameterizedTest
    @EnumSource
    void writeIsUnknownIfTheWaitForTheStandbyIsCancelled(Write write) throws Exception {
        expectUnknown(during(() -> endWaits("pg_cancel_backend"), prepare(write)));
    }

    @ParameterizedTest
    @EnumSource
    void writeIsUnknownIfItsSessionIsTerminatedInTheWait(Write write) throws Exception {
        expectUnknown(during(() -> endWaits("pg_terminate_backend"), prepare(write)));
    }

    @ParameterizedTest
    @EnumSource
    void writeIsUnknownIfTheAnswerOfItsCommitIsLost(Write write) throws Exception {
        expectUnknown(during(LINK::cut, prepare(write)));
    }

    @Test
    void cancelledWaitLeavesAChangeThatEverybodySees() throws Exception {
        TestUser user = api.newUser();

        expectUnknown(during(
                () -> endWaits("pg_cancel_backend"), () -> api.put(user.path(), user.token(), Map.of("name", "Seen"))));

        Poll.until("the change is seen", PATIENCE, () -> api.get("/users/me", user.token())
                .text()
                .contains("\"Seen\""));
    }

    @Test
    void connectionThatIsLostBeforeTheCommitChangesNothing() throws Exception {
        TestUser user = api.newUser();
        Reply reply;
        try (Handle other = JDBI.open()) {
            other.begin();
            other.execute("SELECT FROM users WHERE id = ? FOR UPDATE", user.id());
            CompletableFuture<Reply> answer = CompletableFuture.supplyAsync(
                    () -> api.put(user.path(), user.token(), Map.of("name", "Never Seen")));
            Poll.until("it waits for the row", PATIENCE, () -> is("""
                    true FROM pg_stat_activity
                     WHERE wait_event_type = 'Lock' AND datname = current_database()
                    """));
            LINK.cut();
            reply = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            other.rollback();
        }

        reply.expectProblem(503, "unavailable");
        assertThat(reply.body().path("detail").asText()).isEqualTo("The database does not answer.");
    }

    @Test
    void commandAtAShellReportsIt() throws Exception {
        TestUser user = api.newUser();

        Outcome outcome = during(
                () -> endWaits("pg_cancel_backend"),
                () -> shell.run("end-sessions", user.id().toString()));

        Shell.expectRefusal(outcome, "end-sessions: " + UNKNOWN);
    }

    /** Makes what the write needs. */
    private Supplier<Reply> prepare(Write write) {
        TestUser user = api.newUser();
        return switch (write) {
            case CHANGE -> () -> api.put(user.path(), user.token(), Map.of("name", "Changed"));
            case LOGOUT -> () -> api.logout(user.token());
            case LOGIN -> () -> api.login(user.email(), Api.PASSWORD);
            case REFRESH -> {
                String token = api.newSession(user).refreshToken();
                yield () -> api.refresh(token);
            }
            case REGISTRATION -> {
                Map<String, Object> body = Api.newBody(Api.newEmail());
                yield () -> api.register(body);
            }
            case OPERATORS -> {
                AdminApi admin = new AdminApi(ROSTER.admin(), TestKeys.makeForAll(JDBI));
                admin.get("/users?limit=1").expect(200); // the key is in memory
                yield () -> admin.post("/users", Map.of("name", "New", "email", Api.newEmail()));
            }
        };
    }

    /** Runs a call without a standby that answers, and this while its commit waits. */
    private <T> T during(Runnable whileWaiting, Supplier<T> call) throws Exception {
        STANDBY.freeze();
        CompletableFuture<T> result = CompletableFuture.supplyAsync(call);
        Poll.until("it ends", PATIENCE, () -> {
            if (is("""
                    true FROM pg_stat_activity
                     WHERE wait_event = 'SyncRep'
                       AND (query LIKE '%pg_logical_emit_message%' OR query LIKE '%refresh_token_hash%')
                    """)) {
                whileWaiting.run();
            }
            return result.isDone();
        });
        return result.get();
    }

    private static void expectUnknown(Reply reply) {
        reply.expectProblem(503, "unavailable");
        assertThat(reply.body().path("detail").asText()).isEqualTo(UNKNOWN);
        assertThat(reply.header("Retry-After")).isEqualTo("1");
        assertThat(reply.header("Consistency-Token")).isNull();
    }

    private static void endWaits(String function) {
        JDBI.useHandle(handle ->
                handle.execute("SELECT " + function + "(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"));
    }

    /** Whether a query finds a row, and its value is true. */
    private static boolean is(String query) {
        @Nullable
        Boolean found = JDBI.withHandle(handle -> handle.createQuery("SELECT " + query)
                .mapTo(Boolean.class)
                .findFirst()
                .orElse(false));
        return found;
    }
}
