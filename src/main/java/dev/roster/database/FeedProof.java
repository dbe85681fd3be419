package dev.roster.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.postgresql.jdbc.PgStatement;

/**
 * How a server proves that it is still the primary.
 *
 * <p>PostgreSQL writes nothing to its log for a transaction that only notifies, so its commit waits for no standby. A
 * message in the log makes it wait. {@code statement_timeout} ends before the commit, so the driver cancels the wait.
 * The commit then succeeds with a warning, and proves nothing.
 */
public enum FeedProof {
    /** By an answer. A superseded primary that still runs answers, too. */
    READ("SELECT clock_timestamp()"),

    /** By a commit. With {@code synchronous_standby_names}, a superseded primary cannot commit. */
    COMMIT("SELECT clock_timestamp(), pg_logical_emit_message(true, 'roster', '')");

    /** How long the standbys may take to confirm a commit. Shorter than the socket timeout of a request. */
    private static final int LIMIT_MILLIS = 600;

    private static final String CANCELED = "57014";

    private final String query;

    FeedProof(String query) {
        this.query = query;
    }

    /** Prepares the statement for {@link #ask}. */
    public PreparedStatement prepare(Connection connection) throws SQLException {
        PreparedStatement prepared = connection.prepareStatement(query);
        if (this == COMMIT) {
            prepared.unwrap(PgStatement.class).setQueryTimeoutMs(LIMIT_MILLIS);
        }
        return prepared;
    }

    /**
     * Has the server prove that it is the primary.
     *
     * @param prepared by {@link #prepare}, in autocommit mode
     * @return the server's time
     * @throws UnprovenException if no standby has confirmed the commit in time. The connection stays usable
     */
    public Instant ask(PreparedStatement prepared) throws SQLException {
        try (ResultSet row = prepared.executeQuery()) {
            row.next();
            Instant time = row.getObject(1, OffsetDateTime.class).toInstant();
            requireConfirmed(prepared);
            return time;
        } catch (SQLException e) {
            throw CANCELED.equals(e.getSQLState()) ? new UnprovenException(e) : e;
        }
    }

    /** PostgreSQL gives the warning about a cancelled wait the general SQLSTATE 01000, and no other is expected. */
    private static void requireConfirmed(Statement executed) throws SQLException {
        SQLWarning warning = executed.getWarnings();
        if (warning != null) {
            throw new UnprovenException(warning);
        }
    }
}
