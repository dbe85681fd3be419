package dev.roster.database.primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roster.support.Poll;
import dev.roster.support.database.PrivatePostgres;
import dev.roster.support.database.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/** What PostgreSQL does at a commit while its synchronous standby stands still. Roster relies on it at a failover. */
class SynchronousCommitIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String MESSAGE = "SELECT pg_logical_emit_message(true, 'roster', '')";

    private static final PrivatePostgres PRIMARY = new PrivatePostgres();
    private static final PrivatePostgres STANDBY = PrivatePostgres.standbyOf(PRIMARY);
    private static final TestDatabase DATABASE = TestDatabase.empty(PRIMARY);
    private static final Jdbi JDBI = DATABASE.jdbi();

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @BeforeAll
    static void replicateSynchronously() {
        JDBI.useHandle(handle -> {
            handle.execute("CREATE TABLE written (id int)");
            handle.execute("ALTER SYSTEM SET synchronous_standby_names = '*'");
            handle.execute("SELECT pg_reload_conf()");
        });
        Poll.until("the standby is synchronous", PATIENCE, () -> ask("""
                SELECT EXISTS (SELECT FROM pg_stat_replication WHERE sync_state = 'sync')
                """));
    }

    @AfterAll
    static void stop() {
        STANDBY.close();
        PRIMARY.close();
    }

    @BeforeEach
    void freezeStandby() {
        STANDBY.freeze();
    }

    @AfterEach
    void thawStandby() {
        STANDBY.thaw();
        threads.shutdownNow();
    }

    /** So a notification does not prove that this server is still the primary. */
    @Test
    void transactionThatOnlyNotifiesDoesNotWait() throws Exception {
        try (Session waiting = new Session();
                Session notifying = new Session()) {
            Future<Optional<SQLWarning>> message = commit(waiting, MESSAGE);
            waiting.awaitWaiting();

            assertThat(result(commit(notifying, "NOTIFY something"))).isEmpty();

            assertThat(message.isDone()).isFalse();
            assertThat(waiting.isWaiting()).isTrue();
        }
    }

    /** So this message proves it. */
    @Test
    void transactionWithALogicalMessageWaits() throws Exception {
        try (Session session = new Session()) {
            Future<Optional<SQLWarning>> message = commit(session, MESSAGE);
            session.awaitWaiting();
            assertThat(message.isDone()).isFalse();

            STANDBY.thaw();

            assertThat(result(message)).isEmpty();
        }
    }

    @Test
    void transactionThatIsNotExplicitWaitsToo() throws Exception {
        try (Session session = new Session()) {
            session.connection.setAutoCommit(true);
            Future<Optional<SQLWarning>> message = threads.submit(() -> session.execute(MESSAGE));
            session.awaitWaiting();
            assertThat(message.isDone()).isFalse();

            STANDBY.thaw();

            assertThat(result(message)).isEmpty();
        }
    }

    @Test
    void statementTimeoutDoesNotEndTheWait() throws Exception {
        try (Session session = new Session()) {
            session.execute("SET statement_timeout = '100ms'");
            Future<Optional<SQLWarning>> message = commit(session, MESSAGE);

            Poll.until("the wait is longer than the timeout", PATIENCE, () -> session.is("""
                    wait_event = 'SyncRep' AND clock_timestamp() - query_start > interval '300ms'
                    """));
            assertThat(message.isDone()).isFalse();

            STANDBY.thaw();

            assertThat(result(message)).isEmpty();
        }
    }

    /**
     * The commit is visible, may be lost when the standby takes over, and only the warning says so. Its SQLSTATE is
     * that of any warning, and its text depends on {@code lc_messages}: the routine tells which one it is.
     */
    @Test
    void cancelMakesTheCommitSucceedWithAWarning() throws Exception {
        try (Session session = new Session()) {
            Future<Optional<SQLWarning>> insert = commit(session, "INSERT INTO written VALUES (1)");
            session.awaitWaiting();

            assertThat(ask("SELECT pg_cancel_backend(" + session.pid + ")")).isTrue();

            assertThat(result(insert)).containsInstanceOf(PSQLWarning.class).hasValueSatisfying(warning -> {
                assertThat(warning.getSQLState()).isEqualTo("01000");
                assertThat(((PSQLWarning) warning).getServerErrorMessage())
                        .extracting(ServerErrorMessage::getRoutine)
                        .isEqualTo("SyncRepWaitForLSN");
            });
            assertThat(ask("SELECT EXISTS (SELECT FROM written WHERE id = 1)")).isTrue();
        }
    }

    /** The client sees an error, although the transaction is committed. */
    @Test
    void shutdownDuringTheWaitFailsACommitThatHappened() throws Exception {
        try (Session session = new Session()) {
            Future<Optional<SQLWarning>> insert = commit(session, "INSERT INTO written VALUES (2)");
            session.awaitWaiting();
            assertThat(ask("SELECT EXISTS (SELECT FROM written WHERE id = 2)")).isFalse();

            assertThat(ask("SELECT pg_terminate_backend(" + session.pid + ")")).isTrue();

            assertThatThrownBy(() -> result(insert))
                    .isInstanceOfSatisfying(SQLException.class, failure -> assertThat(failure.getSQLState())
                            .isEqualTo("08006"));
            assertThat(ask("SELECT EXISTS (SELECT FROM written WHERE id = 2)")).isTrue();
        }
    }

    /** Executes a statement and commits it, in a thread. Returns the warnings of the commit. */
    private Future<Optional<SQLWarning>> commit(Session session, String sql) {
        return threads.submit((Callable<Optional<SQLWarning>>) () -> {
            session.execute(sql);
            session.connection.commit();
            return Optional.ofNullable(session.connection.getWarnings());
        });
    }

    private static Optional<SQLWarning> result(Future<Optional<SQLWarning>> commit) throws Exception {
        try {
            return commit.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof SQLException failure ? failure : e;
        }
    }

    private static boolean ask(String sql) {
        return JDBI.withHandle(
                handle -> handle.createQuery(sql).mapTo(Boolean.class).one());
    }

    /** One connection, with transactions that it has to commit. */
    private static final class Session implements AutoCloseable {
        private final Connection connection;
        private final int pid;

        Session() throws SQLException {
            connection = DriverManager.getConnection(DATABASE.url(), DATABASE.user(), DATABASE.password());
            pid = Jdbi.create(connection).withHandle(handle -> handle.createQuery("SELECT pg_backend_pid()")
                    .mapTo(Integer.class)
                    .one());
            connection.setAutoCommit(false);
        }

        Optional<SQLWarning> execute(String sql) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
                return Optional.ofNullable(statement.getWarnings());
            }
        }

        void awaitWaiting() {
            Poll.until("the commit waits for the standby", PATIENCE, this::isWaiting);
        }

        boolean isWaiting() {
            return is("wait_event = 'SyncRep'");
        }

        boolean is(String condition) {
            return ask("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = " + pid + " AND " + condition + ")");
        }

        @Override
        public void close() throws SQLException {
            STANDBY.thaw(); // a rollback would wait behind the commit
            connection.close();
        }
    }
}
