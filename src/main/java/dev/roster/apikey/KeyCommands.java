package dev.roster.apikey;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jspecify.annotations.Nullable;

/** The table {@code api_keys}. */
public interface KeyCommands {
    /** How many keys may be live at once. Nodes keep them in memory, and a list shows them all. */
    int MAXIMUM = 1000;

    /** SQL that is true until a key has expired or been revoked. */
    String IS_LIVE = "(revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now()))";

    /**
     * Reads the key that makes another one, and locks its row, so that nobody can revoke it until the transaction ends.
     * If another transaction is revoking it, waits for that transaction.
     */
    @SqlQuery("""
            SELECT revoked_at IS NOT NULL AS is_revoked, expires_at, expires_at <= clock_timestamp() AS is_expired
              FROM api_keys
             WHERE id = :id
               FOR SHARE
            """)
    Optional<Maker> lockMaker(String id);

    /** Adds a key. Returns empty if {@link #MAXIMUM} keys are live already. */
    @SqlQuery("""
            INSERT INTO api_keys (id, name, secret_hash, scopes, created_by, expires_at)
            SELECT :id, :name, :secretHash, :scopes, :createdBy, :expiresAt
             WHERE (SELECT count(*) FROM api_keys WHERE\s""" + IS_LIVE + ") < " + MAXIMUM + """
             RETURNING id, name, scopes, created_at, created_by, expires_at, last_used_at, revoked_at
            """)
    Optional<KeyRow> insert(
            String id,
            String name,
            byte[] secretHash,
            List<String> scopes,
            @Nullable String createdBy,
            @Nullable Instant expiresAt);

    /** Revokes a key. Returns whether it existed and was not revoked yet. */
    @SqlUpdate("UPDATE api_keys SET revoked_at = now() WHERE id = :id AND revoked_at IS NULL")
    boolean revoke(String id);

    @SqlQuery("SELECT EXISTS (SELECT FROM api_keys WHERE id = :id)")
    boolean exists(String id);

    /** The keys that are live, and the latest of the others. */
    @SqlQuery("""
            SELECT id, name, scopes, created_at, created_by, expires_at, last_used_at, revoked_at
              FROM api_keys
             ORDER BY\s""" + IS_LIVE + " DESC, created_at DESC, id LIMIT " + MAXIMUM)
    List<KeyRow> list();

    /**
     * Stores when keys were last used.
     *
     * @param times one for each id, to the minute, in the form of RFC 3339
     */
    @SqlUpdate("""
            UPDATE api_keys AS key
               SET last_used_at = used.at
              FROM unnest(:ids, :times::timestamptz[]) AS used (id, at)
             WHERE key.id = used.id AND (key.last_used_at IS NULL OR key.last_used_at < used.at)
            """)
    void used(List<String> ids, List<String> times);

    /**
     * Deletes keys that expired or were revoked 400 days ago. By default, the audit trail keeps no event as long.
     *
     * @param limit the maximum number of rows
     * @return the number of deleted rows
     */
    @SqlUpdate("""
            DELETE FROM api_keys
             WHERE id IN (SELECT id
                            FROM api_keys
                           WHERE least(revoked_at, expires_at) < now() - interval '400 days'
                           LIMIT :limit
                             FOR UPDATE SKIP LOCKED)
            """)
    int purge(int limit);

    /**
     * A key that makes another one.
     *
     * @param expiresAt null if it never expires
     */
    record Maker(
            boolean isRevoked, boolean isExpired, @Nullable Instant expiresAt) {}
}
