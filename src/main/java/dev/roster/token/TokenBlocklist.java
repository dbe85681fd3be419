package dev.roster.token;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.customizer.FetchSize;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jdbi.v3.sqlobject.transaction.Transaction;
import org.jspecify.annotations.Nullable;

/** The table {@code token_blocklist}: what is revoked, durably and for every node. */
@RegisterConstructorMapper(Revocation.class)
public interface TokenBlocklist {

    /** Every row that still matters, and those that have just ceased to. */
    @SqlQuery("""
            SELECT id, expires_at
              FROM token_blocklist
             WHERE expires_at > now() - make_interval(secs => :marginSeconds)
            """)
    @FetchSize(10_000)
    @Transaction // without one the driver fetches all rows at once
    void forEachLive(long marginSeconds, Consumer<Revocation> action);

    /** Revokes one token. Revoking it again changes nothing. */
    @SqlUpdate("""
            INSERT INTO token_blocklist (id, kind, user_id, reason, expires_at)
            VALUES (:id, 'token', :userId, :reason, :expiresAt)
                ON CONFLICT (id) DO NOTHING
            """)
    void revokeToken(UUID id, UUID userId, String reason, Instant expiresAt);

    /** Revokes every token of a user, for good. */
    @SqlUpdate("""
            INSERT INTO token_blocklist (id, kind, user_id, reason, expires_at)
            VALUES (:userId, 'user', :userId, :reason, :expiresAt)
                ON CONFLICT (id) DO UPDATE SET expires_at = greatest(token_blocklist.expires_at, excluded.expires_at)
            """)
    void revokeUser(UUID userId, String reason, Instant expiresAt);

    /**
     * Revokes every session of a user but one.
     *
     * @return what is revoked by it
     */
    @SqlQuery("""
            INSERT INTO token_blocklist (id, kind, user_id, reason, expires_at)
            SELECT id, 'session', user_id, :reason, :expiresAt
              FROM sessions
             WHERE user_id = :userId AND id IS DISTINCT FROM :exceptId
                ON CONFLICT (id) DO UPDATE SET expires_at = greatest(token_blocklist.expires_at, excluded.expires_at)
            RETURNING id, expires_at
            """)
    List<Revocation> revokeSessions(UUID userId, @Nullable UUID exceptId, String reason, Instant expiresAt);

    /**
     * Deletes some rows that no longer matter.
     *
     * @param limit how many at most
     * @return how many
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
    int purge(long marginSeconds, int limit);
}
