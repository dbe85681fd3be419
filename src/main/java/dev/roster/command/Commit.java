package dev.roster.command;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jdbi.v3.core.Handle;

/** The commit of a transaction and its position in the write-ahead log, in one round trip. */
final class Commit {
    private Commit() {}

    /**
     * Commits, and waits until the commit is on disk.
     *
     * <p>PostgreSQL commits transactions with a {@code NOTIFY} one after another, and each waits for the disk. So the
     * {@code COMMIT} itself does not wait. The message after it is a transaction of its own, later in the log. Its
     * commit waits until the log is on disk up to there, together with other transactions. The message is needed even
     * if nothing was written: what this transaction has read may not be on disk yet (decision 19).
     *
     * @return the position of the message, in the form of {@code pg_lsn}
     */
    static String of(Handle handle) {
        return handle.createQuery("""
                        SET LOCAL synchronous_commit = off;
                        COMMIT;
                        SELECT pg_logical_emit_message(true, 'roster', '')::text
                        """).execute((executed, context) -> {
            try (context) {
                return thirdResult(executed.get());
            }
        });
    }

    private static String thirdResult(Statement executed) throws SQLException {
        boolean isSecondARow = executed.getMoreResults();
        boolean isThirdARow = executed.getMoreResults();
        if (isSecondARow || !isThirdARow) {
            throw new IllegalStateException("The results are not those of the three statements");
        }
        try (ResultSet row = executed.getResultSet()) {
            row.next();
            return row.getString(1);
        }
    }
}
