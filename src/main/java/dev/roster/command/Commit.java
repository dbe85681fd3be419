package dev.roster.command;

import dev.roster.database.DatabaseFailures;
import dev.roster.database.primary.UnknownOutcomeException;
import dev.roster.http.ConsistencyToken;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.Set;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementCustomizer;
import org.postgresql.util.PSQLWarning;

/** Commits that end with certainty or an {@link UnknownOutcomeException}, and their positions. */
final class Commit {
    /**
     * The routine of PostgreSQL that warns if somebody cancels or ends the wait for the synchronous standby. The commit
     * itself is done. The SQLSTATE of a cancelled wait is 01000, that of any warning.
     */
    private static final String WAIT = "SyncRepWaitForLSN";

    /** SQLSTATE classes: connection, operator intervention that ends the session. The answer is lost. */
    private static final Set<String> LOST = Set.of("08", "57P");

    /** The same, resources, any operator intervention, system error: the message after the commit may have failed. */
    private static final Set<String> LOST_OR_INCOMPLETE = Set.of("08", "53", "57", "58");

    private static final int TIMELINE_DIGITS = 8;
    private static final int HEXADECIMAL = 16;

    private Commit() {}

    /**
     * Commits a transaction, and waits until the commit is on disk.
     *
     * <p>PostgreSQL commits transactions with a {@code NOTIFY} one after another, and each waits for the disk. So the
     * {@code COMMIT} itself does not wait. The message after it is a transaction of its own, later in the log. Its
     * commit waits until the log is on disk up to there, together with other transactions, and on the synchronous
     * standby if there is one. The message is needed even if nothing was written: what this transaction has read may
     * not be on disk yet (decision 19).
     *
     * @return the position of the message, and the timeline of the server that wrote it
     * @throws UnknownOutcomeException if the answer is lost, or the server did not wait
     */
    static ConsistencyToken of(Handle handle) {
        return attempt(LOST_OR_INCOMPLETE, () -> handle.createQuery("""
                        SET LOCAL synchronous_commit = off;
                        COMMIT;
                        SELECT pg_logical_emit_message(true, 'roster', '')::text, pg_walfile_name(pg_current_wal_lsn())
                        """).execute((executed, context) -> {
            try (context) {
                return thirdResult(executed.get());
            }
        }));
    }

    /**
     * Runs a single statement, which commits by itself.
     *
     * @throws UnknownOutcomeException if the answer is lost, or the server did not wait
     */
    static <T> T ofStatement(Handle handle, Supplier<T> statement) {
        handle.addCustomizer(new Awaited());
        return attempt(LOST, statement);
    }

    /** The position up to which the log is on disk: that of an earlier commit, or after it. */
    static ConsistencyToken flushed(Handle handle) {
        return handle.createQuery("""
                        SELECT pg_current_wal_flush_lsn()::text, pg_walfile_name(pg_current_wal_flush_lsn())
                        """).map((row, context) -> token(row)).one();
    }

    private static ConsistencyToken thirdResult(Statement executed) throws SQLException {
        boolean isSecondARow = executed.getMoreResults();
        boolean isThirdARow = executed.getMoreResults();
        if (isSecondARow || !isThirdARow) {
            throw new IllegalStateException("The results are not those of the three statements");
        }
        requireAwaited(executed);
        try (ResultSet row = executed.getResultSet()) {
            row.next();
            return token(row);
        }
    }

    /** A file of the log is named after its timeline: 8 hexadecimal digits, before those of its position. */
    private static ConsistencyToken token(ResultSet row) throws SQLException {
        String timeline = row.getString(2).substring(0, TIMELINE_DIGITS);
        return new ConsistencyToken(Integer.parseUnsignedInt(timeline, HEXADECIMAL), row.getString(1));
    }

    private static void requireAwaited(Statement executed) throws SQLException {
        for (SQLWarning warning = executed.getWarnings(); warning != null; warning = warning.getNextWarning()) {
            if (warning instanceof PSQLWarning notice
                    && WAIT.equals(notice.getServerErrorMessage().getRoutine())) {
                throw new UnknownOutcomeException(warning);
            }
        }
    }

    private static <T> T attempt(Set<String> unknown, Supplier<T> commit) {
        try {
            return commit.get();
        } catch (JdbiException e) {
            String state = DatabaseFailures.state(e);
            if (state != null && unknown.stream().anyMatch(state::startsWith)) {
                throw new UnknownOutcomeException(e);
            }
            throw e;
        }
    }

    /** Requires of a statement that its commit was waited for. */
    private static final class Awaited implements StatementCustomizer {
        @Override
        public void afterExecution(PreparedStatement executed, StatementContext context) throws SQLException {
            requireAwaited(executed);
        }
    }
}
