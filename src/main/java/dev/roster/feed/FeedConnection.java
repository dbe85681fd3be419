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

/** One connection that LISTENs, until it fails. For one thread, except {@link #abort}. */
final class FeedConnection implements AutoCloseable {
    private final Connection connection;
    private final PGConnection listener;
    private final PreparedStatement heartbeat;

    FeedConnection(ConnectionFactory connections, Collection<String> channels) throws SQLException {
        connection = connections.openConnection();
        try (Statement statement = connection.createStatement()) {
            for (String channel : channels) {
                statement.execute("LISTEN " + channel);
            }
            listener = connection.unwrap(PGConnection.class);
            heartbeat = connection.prepareStatement("SELECT clock_timestamp()");
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** The connection itself, for loading. */
    Connection connection() {
        return connection;
    }

    /** The server's time. Before it answers, PostgreSQL sends every notification committed before the question. */
    Instant beat() throws SQLException {
        try (ResultSet row = heartbeat.executeQuery()) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
        }
    }

    /** The notifications that have arrived. */
    PGNotification[] heard() throws SQLException {
        return listener.getNotifications();
    }

    /**
     * The notifications that have arrived, or else the next ones.
     *
     * @param millis how long to wait for the next: at least 1
     */
    PGNotification[] hear(int millis) throws SQLException {
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
