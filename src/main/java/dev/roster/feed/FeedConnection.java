package dev.roster.feed;

import dev.roster.revocation.RevokedTokens;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jdbi.v3.core.ConnectionFactory;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * A connection that listens, from its LISTEN until it fails. What it hears of users goes to their listener at once. For one
 * thread, but for {@link #abort}.
 */
final class FeedConnection implements AutoCloseable {
    private static final String USERS = "users";

    private final Connection connection;
    private final PGConnection listener;
    private final PreparedStatement heartbeat;
    private final FeedListener users;

    FeedConnection(ConnectionFactory connections, FeedListener users) throws SQLException {
        this.users = users;
        connection = connections.openConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("LISTEN token_blocklist");
            statement.execute("LISTEN " + USERS);
            users.missed(); // whatever was told before
            listener = connection.unwrap(PGConnection.class);
            heartbeat = connection.prepareStatement("SELECT clock_timestamp()");
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Every row that still matters, and those that have just ceased to; of what is committed from now on there is also a notification. */
    void load(BiConsumer<UUID, Instant> action) throws SQLException {
        connection.setAutoCommit(false); // else the driver fetches all rows at once
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT id, expires_at
                  FROM token_blocklist
                 WHERE expires_at > now() - make_interval(secs => ?)
                """)) {
            query.setFetchSize(10_000);
            query.setLong(1, RevokedTokens.MARGIN.toSeconds());
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    action.accept(
                            rows.getObject(1, UUID.class),
                            rows.getObject(2, OffsetDateTime.class).toInstant());
                }
            }
            connection.commit(); // until then nothing is notified
        } finally {
            connection.setAutoCommit(true);
        }
    }

    /** The server's time; and before it answers, it has sent all that was committed before it was asked. */
    Instant beat() throws SQLException {
        try (ResultSet row = heartbeat.executeQuery()) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
        }
    }

    /**
     * What has been notified of the blocklist; where that is nothing, what is next.
     *
     * @param millis how long to wait for it: 1 or more
     */
    List<String> hear(int millis) throws SQLException {
        return payloads(listener.getNotifications(millis));
    }

    /** What has been notified of it and is here already. */
    List<String> heard() throws SQLException {
        return payloads(listener.getNotifications());
    }

    private List<String> payloads(PGNotification[] notifications) {
        List<String> ofBlocklist = new ArrayList<>();
        for (PGNotification notification : notifications) {
            if (notification.getName().equals(USERS)) {
                tellOfUser(notification.getParameter());
            } else {
                ofBlocklist.add(notification.getParameter());
            }
        }
        return ofBlocklist;
    }

    private void tellOfUser(String payload) {
        try {
            users.changed(UUID.fromString(payload));
        } catch (IllegalArgumentException e) {
            users.missed(); // everybody, or somebody's own
        }
    }

    /** Makes whoever waits on it fail. The driver itself would wait for ever for the rest of a notification. */
    void abort() throws SQLException {
        connection.abort(Runnable::run);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
