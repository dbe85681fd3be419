package dev.roster.revocation;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlBatch;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;

/** The table {@code token_blocklist}: what is revoked, durably and for every node. */
@RegisterConstructorMapper(Revocation.class)
public interface TokenBlocklist {

    /** Whether one of these ids has a row that still matters, or has just ceased to. */
    @SqlQuery("""
            SELECT EXISTS (SELECT
                             FROM token_blocklist
                            WHERE id = ANY (:ids)
                              AND expires_at > now() - make_interval(secs => :marginSeconds))
            """)
    boolean containsAny(Collection<UUID> ids, long marginSeconds);

    /** The row of this id, where there is one. */
    @SqlQuery("""
            SELECT id, kind, user_id, reason, expires_at
              FROM token_blocklist
             WHERE id = :id
            """)
    List<Revocation> find(UUID id);

    /** What was revoked of this user within the last minute, in the rows that name the user. */
    @SqlQuery("""
            SELECT id, kind, user_id, reason, expires_at
              FROM token_blocklist
             WHERE user_id = :userId AND revoked_at > now() - interval '1 minute'
            """)
    List<Revocation> findLatestOf(UUID userId);

    /** Revokes all of these. Revoking one again changes nothing, but that it may be remembered for longer. */
    @SqlBatch("""
            INSERT INTO token_blocklist (id, kind, user_id, reason, expires_at)
            VALUES (:id, :kind, :userId, :reason, :expiresAt)
                ON CONFLICT (id) DO UPDATE SET expires_at = greatest(token_blocklist.expires_at, excluded.expires_at)
            """)
    void revoke(@BindMethods List<Revocation> revocations);

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
    int purge(double marginSeconds, int limit);
}
