package dev.roster.revocation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Revokes all tokens again, and ends the sessions again that had ended with them. Not thread-safe. */
final class LostEnding {
    /** Users in one transaction. Each may have a hundred sessions. */
    private static final int BATCH = 200;

    /** A later moment was {@code infinity}. */
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    private final Connection connection;

    /** @param connection to the primary, in autocommit mode */
    LostEnding(Connection connection) {
        this.connection = connection;
    }

    /**
     * Does so if the primary lacks the row. Writes the row last: if a node fails before, the next one finds it missing.
     *
     * @param progress is called after each transaction
     * @return how many rows it has written: 0 or 1
     */
    int restore(AllRevoked all, Runnable progress) throws SQLException {
        if (!isLost(all.until(), all.expiresAt())) {
            return 0;
        }
        if (isLost(all.sessionsUntil(), all.expiresAt())) {
            endSessions(all.sessionsUntil(), progress);
        }
        try (PreparedStatement statement = connection.prepareStatement("""
                INSERT INTO token_blocklist AS listed (id, kind, reason, revoked_at, expires_at)
                VALUES ('00000000-0000-0000-0000-000000000000', 'all', ?, ?::timestamptz, ?::timestamptz)
                    ON CONFLICT (id) DO UPDATE
                   SET reason = excluded.reason,
                       revoked_at = excluded.revoked_at,
                       expires_at = greatest(listed.expires_at, excluded.expires_at)
                 WHERE listed.revoked_at < excluded.revoked_at
                """)) {
            statement.setString(1, all.reason());
            statement.setString(2, timestamp(all.until()));
            statement.setString(3, timestamp(all.expiresAt()));
            return statement.executeUpdate();
        }
    }

    /** An expired row may be missing because it was purged. */
    private boolean isLost(Instant until, Instant expiresAt) throws SQLException {
        if (until.equals(Instant.MIN)) {
            return false;
        }
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT NOT EXISTS (SELECT
                                     FROM token_blocklist
                                    WHERE kind = 'all'
                                      AND id = '00000000-0000-0000-0000-000000000000'
                                      AND revoked_at >= ?::timestamptz)
                       AND ?::timestamptz > now()
                """)) {
            query.setString(1, timestamp(until));
            query.setString(2, timestamp(expiresAt));
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /** Also ends what was opened while end-all-sessions ran: the row does not tell when it began. */
    private void endSessions(Instant openedUntil, Runnable progress) throws SQLException {
        UUID last = new UUID(0, 0);
        List<UUID> users = endNext(last, openedUntil);
        while (!users.isEmpty()) {
            progress.run();
            users = endNext(users.get(users.size() - 1), openedUntil);
        }
    }

    private List<UUID> endNext(UUID after, Instant openedUntil) throws SQLException {
        connection.setAutoCommit(false);
        try {
            List<UUID> users = lockNext(after, openedUntil);
            end(users, openedUntil);
            connection.commit();
            return users;
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private List<UUID> lockNext(UUID after, Instant openedUntil) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT id
                  FROM users
                 WHERE id IN (SELECT DISTINCT user_id
                                FROM sessions
                               WHERE user_id > ? AND created_at <= ?::timestamptz
                               ORDER BY user_id
                               LIMIT ?)
                 ORDER BY id
                   FOR NO KEY UPDATE
                """)) {
            query.setObject(1, after);
            query.setString(2, timestamp(openedUntil));
            query.setInt(3, BATCH);
            List<UUID> users = new ArrayList<>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    users.add(rows.getObject(1, UUID.class));
                }
            }
            return users;
        }
    }

    private void end(List<UUID> users, Instant openedUntil) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "DELETE FROM sessions WHERE user_id = ANY (?) AND created_at <= ?::timestamptz")) {
            statement.setArray(1, connection.createArrayOf("uuid", users.toArray()));
            statement.setString(2, timestamp(openedUntil));
            int unused = statement.executeUpdate();
        }
    }

    private static String timestamp(Instant moment) {
        return moment.isAfter(LATEST) ? "infinity" : moment.toString();
    }
}
