package dev.roster.revocation;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlBatch;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;

/** The table {@code token_blocklist}: every revocation, durable and shared by all nodes. */
@RegisterConstructorMapper(Revocation.class)
@RegisterConstructorMapper(TokenBlocklist.LookUp.class)
public interface TokenBlocklist {
    /** Begins a statement that revokes every token that was issued until a moment. */
    String REVOKE_UNTIL = """
            INSERT INTO token_blocklist (id, kind, reason, expires_at, revoked_at)
            VALUES ('00000000-0000-0000-0000-000000000000', 'all', :reason, :expiresAt,
            """;

    /** Ends it. */
    String EVERY_TOKEN = """
            )
                ON CONFLICT (id) DO UPDATE
                   SET reason = excluded.reason,
                       revoked_at = greatest(token_blocklist.revoked_at, excluded.revoked_at),
                       expires_at = greatest(token_blocklist.expires_at, excluded.expires_at)
            RETURNING revoked_at
            """;

    /**
     * Looks for a row that has not expired, or expired within the margin: one with one of these ids, or one that
     * revokes all tokens that were issued at this time.
     */
    @SqlQuery("""
            SELECT EXISTS (SELECT
                             FROM token_blocklist
                            WHERE id = ANY (:ids || '{00000000-0000-0000-0000-000000000000}'::uuid[])
                              AND (kind <> 'all' OR revoked_at >= :issuedAt)
                              AND expires_at > now() - make_interval(secs => :marginSeconds)) AS is_revoked,
                   clock_timestamp() AS time
            """)
    LookUp lookUp(Collection<UUID> ids, Instant issuedAt, long marginSeconds);

    /** The row with this id, if there is one. */
    @SqlQuery("""
            SELECT id, kind, user_id, reason, expires_at
              FROM token_blocklist
             WHERE id = :id
            """)
    List<Revocation> find(UUID id);

    /** The user's revocations of the last minute. */
    @SqlQuery("""
            SELECT id, kind, user_id, reason, expires_at
              FROM token_blocklist
             WHERE user_id = :userId AND revoked_at > now() - interval '1 minute'
            """)
    List<Revocation> findLatestOf(UUID userId);

    /** Inserts these rows. If one is there already, the later expiry counts. */
    @SqlBatch("""
            INSERT INTO token_blocklist (id, kind, user_id, reason, expires_at)
            VALUES (:id, :kind, :userId, :reason, :expiresAt)
                ON CONFLICT (id) DO UPDATE SET expires_at = greatest(token_blocklist.expires_at, excluded.expires_at)
            """)
    void revoke(@BindMethods List<Revocation> revocations);

    /**
     * Revokes every token that was issued until a second from now, whether or not the database knows its session and
     * its user: the clock of the node that issued it may be ahead by a round trip. Nodes hear of it over the feed.
     *
     * @return the moment
     */
    @SqlQuery(REVOKE_UNTIL + "clock_timestamp() + interval '1 second'" + EVERY_TOKEN)
    Instant revokeAll(String reason, Instant expiresAt);

    /**
     * Revokes every token that was issued before the last second began, as {@link #revokeAll} does. For a signing key
     * that ends: the tokens of the moment are refused with it, and those of the next key must not be.
     *
     * @return the moment
     */
    @SqlQuery(REVOKE_UNTIL + "date_trunc('second', clock_timestamp()) - interval '1 second'" + EVERY_TOKEN)
    Instant revokeEarlier(String reason, Instant expiresAt);

    /**
     * Deletes rows that expired longer ago than the margin.
     *
     * @param limit the maximum number of rows
     * @return the number of deleted rows
     */
    @SqlUpdate("""
            DELETE FROM token_blocklist
             WHERE id IN (SELECT id
                            FROM token_blocklist
                           WHERE expires_at < now() - make_interval(secs => :marginSeconds)
                           ORDER BY expires_at
                           LIMIT :limit
                             FOR UPDATE SKIP LOCKED)
            """)
    int purge(double marginSeconds, int limit);

    /**
     * The result of a look-up.
     *
     * @param isRevoked whether there is such a row
     * @param time the database's time
     */
    record LookUp(boolean isRevoked, Instant time) {}
}
