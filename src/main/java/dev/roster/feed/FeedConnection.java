package dev.roster.feed;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import org.jdbi.v3.core.ConnectionFactory;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** A connection that LISTENs. When it fails, the feed opens a new one. Not thread-safe, except {@link #abort}. */
final class FeedConnection implements AutoCloseable {
    private final Connection connection;
    private final PGConnection listener;
    private final PreparedStatement heartbeat;

    FeedConnection(ConnectionFactory connections, Collection<String> channels) throws SQLException {
        connection = connections.openConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("LISTEN " + String.join("; LISTEN ", channels)); // one round trip
            listener = connection.unwrap(PGConnection.class);
            heartbeat = connection.prepareStatement("SELECT clock_timestamp()");
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** The connection, for listeners that load. */
    Connection connection() {
        return connection;
    }

    /**
     * Asks for the server's time. Before PostgreSQL answers, it sends all notifications that were committed before the
     * query.
     */
    Instant serverTime() throws SQLException {
        try (ResultSet row = heartbeat.executeQuery()) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
        }
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
