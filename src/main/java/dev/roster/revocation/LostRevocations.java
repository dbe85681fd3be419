package dev.roster.revocation;

import dev.roster.revocation.RecentRevocations.Known;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds which revocations a primary lacks, and writes them again. Not thread-safe. */
final class LostRevocations {
    /** The parameters are those of {@link #bind}. */
    private static final String KNOWN = """
            unnest(?::uuid[], ?::text[], ?::uuid[], ?::text[], ?::bigint[], ?::bigint[])
                            AS known (id, kind, user_id, reason, expiry, revoked_at)""";

    /** PostgreSQL's latest second. A later one was {@code infinity}. */
    private static final long LATEST_SECOND = 9_224_318_015_999L;

    private final Connection connection;

    /** @param connection to the primary, in autocommit mode */
    LostRevocations(Connection connection) {
        this.connection = connection;
    }

    /**
     * Those whose row is missing, ends too early, or lacks a reason that is known; and those of which a session is
     * back. The row of one that has expired may be missing, because it was purged.
     */
    List<Known> find(List<Known> known) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT known.id
                  FROM %s
                  LEFT JOIN token_blocklist AS listed ON listed.id = known.id
                 WHERE (known.expiry > extract(epoch FROM now())
                        AND (listed.id IS NULL
                             OR extract(epoch FROM listed.expires_at) <= known.expiry - 1
                             OR (listed.reason = '%s' AND known.reason IS NOT NULL)))
                    OR EXISTS (SELECT FROM sessions WHERE sessions.id = known.id)
                    OR EXISTS (SELECT
                                 FROM sessions
                                WHERE sessions.user_id = known.id
                                  AND sessions.created_at <= to_timestamp(known.revoked_at / 1000.0))
                """.formatted(KNOWN, Revocation.RESTORED))) {
            bind(query, known);
            Set<UUID> lost = new HashSet<>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    lost.add(rows.getObject(1, UUID.class));
                }
            }
            return known.stream()
                    .filter(revocation -> lost.contains(revocation.id()))
                    .toList();
        }
    }

    /**
     * Writes these revocations again, in one transaction. A trigger ends their sessions.
     *
     * @return how many rows it has written; another node may have been faster
     */
    int restore(List<Known> lost) throws SQLException {
        connection.setAutoCommit(false);
        try {
            lock(lost);
            int rows = insert(lost);
            connection.commit();
            return rows;
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    /** Locks users and sessions before rows of the blocklist, as every transaction does: see {@code Commands}. */
    private void lock(List<Known> lost) throws SQLException {
        UUID[] ids = column(lost, Known::id).toArray(UUID[]::new);
        UUID[] userIds = column(lost, Known::userId).toArray(UUID[]::new);
        lock("""
                SELECT id
                  FROM users
                 WHERE id IN (SELECT unnest(?::uuid[])
                              UNION SELECT unnest(?::uuid[])
                              UNION SELECT user_id FROM sessions WHERE id = ANY (?::uuid[]))
                 ORDER BY id
                   FOR NO KEY UPDATE
                """, ids, userIds, ids);
        lock("""
                SELECT id
                  FROM sessions
                 WHERE id = ANY (?::uuid[]) OR user_id = ANY (?::uuid[])
                 ORDER BY id
                   FOR UPDATE
                """, ids, ids);
    }

    private void lock(String sql, UUID[]... arrays) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            for (int i = 0; i < arrays.length; i++) {
                query.setArray(i + 1, connection.createArrayOf("uuid", arrays[i]));
            }
            query.executeQuery().close();
        }
    }

    /** The kind of a row that this node has only heard of follows from the session or user that is back. */
    private int insert(List<Known> lost) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("""
                INSERT INTO token_blocklist AS listed (id, kind, user_id, reason, revoked_at, expires_at)
                SELECT known.id,
                       coalesce(known.kind, CASE WHEN users.id IS NOT NULL THEN 'user'
                                                 WHEN sessions.id IS NOT NULL THEN 'session'
                                                 ELSE 'token' END),
                       coalesce(known.user_id, users.id, sessions.user_id),
                       coalesce(known.reason, '%2$s'),
                       to_timestamp(known.revoked_at / 1000.0),
                       CASE WHEN known.expiry > %3$d THEN 'infinity' ELSE to_timestamp(known.expiry) END
                  FROM %1$s
                  LEFT JOIN users ON users.id = known.id
                  LEFT JOIN sessions ON sessions.id = known.id
                 ORDER BY known.id
                    ON CONFLICT (id) DO UPDATE
                   SET kind = CASE listed.reason WHEN '%2$s' THEN excluded.kind ELSE listed.kind END,
                       user_id = CASE listed.reason WHEN '%2$s' THEN excluded.user_id ELSE listed.user_id END,
                       reason = CASE listed.reason WHEN '%2$s' THEN excluded.reason ELSE listed.reason END,
                       expires_at = greatest(listed.expires_at, excluded.expires_at)
                 WHERE listed.expires_at <= excluded.expires_at - interval '1 second'
                    OR (listed.reason = '%2$s' AND excluded.reason <> '%2$s')
                """.formatted(KNOWN, Revocation.RESTORED, LATEST_SECOND))) {
            bind(statement, lost);
            return statement.executeUpdate();
        }
    }

    private void bind(PreparedStatement statement, List<Known> known) throws SQLException {
        array(statement, 1, "uuid", column(known, Known::id));
        array(statement, 2, "text", column(known, Known::kind));
        array(statement, 3, "uuid", column(known, Known::userId));
        array(statement, 4, "text", column(known, Known::reason));
        array(statement, 5, "bigint", column(known, Known::expirySecond));
        array(statement, 6, "bigint", column(known, Known::revokedAtMilli));
    }

    private void array(PreparedStatement statement, int index, String type, Stream<?> values) throws SQLException {
        statement.setArray(index, connection.createArrayOf(type, values.toArray()));
    }

    private static <T> Stream<@Nullable T> column(List<Known> known, Function<Known, @Nullable T> member) {
        return known.stream().map(member);
    }
}
