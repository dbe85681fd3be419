package dev.roster.feed;

import dev.roster.database.FeedProof;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Collection;
import org.jdbi.v3.core.ConnectionFactory;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** A connection that LISTENs. When it fails, the feed opens a new one. Not thread-safe, except {@link #abort}. */
final class FeedConnection implements AutoCloseable {
    private final Connection connection;
    private final PGConnection listener;
    private final FeedProof proof;
    private final long epoch;
    private final PreparedStatement heartbeat;

    /** @param epoch the number of the epoch, read before this call */
    FeedConnection(ConnectionFactory connections, FeedProof proof, long epoch, Collection<String> channels)
            throws SQLException {
        this.proof = proof;
        this.epoch = epoch;
        connection = connections.openConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("LISTEN " + String.join("; LISTEN ", channels)); // one round trip
            listener = connection.unwrap(PGConnection.class);
            heartbeat = proof.prepare(connection);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** The connection, for listeners that load. */
    Connection connection() {
        return connection;
    }

    /** The number of the epoch in which the connection was opened. */
    long epoch() {
        return epoch;
    }

    /**
     * Has the server prove that it is the primary, and asks for its time. Before PostgreSQL answers, it sends all
     * notifications that were committed before the query.
     *
     * @throws dev.roster.database.UnprovenException if it does not; the connection stays usable
     */
    Instant serverTime() throws SQLException {
        return proof.ask(heartbeat);
    }

    /** The notifications that have arrived. */
    PGNotification[] notifications() throws SQLException {
        return listener.getNotifications();
    }

    /**
     * The notifications that have arrived. If there are none, waits for the next ones.
     *
     * @param millis how long to wait, at least 1
     */
    PGNotification[] awaitNotifications(int millis) throws SQLException {
        return listener.getNotifications(millis);
    }

    /** Fails every call that waits on this connection. The driver would wait forever for the rest of a notification. */
    void abort() throws SQLException {
        connection.abort(Runnable::run);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
