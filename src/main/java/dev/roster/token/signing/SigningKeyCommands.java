package dev.roster.token.signing;

import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jspecify.annotations.Nullable;

/** The table {@code signing_keys}. */
public interface SigningKeyCommands {
    /** Lets one rotation at a time pass, until the end of its transaction. */
    @SqlQuery("SELECT pg_advisory_xact_lock(hashtext('roster-signing-keys'))::text")
    String lock();

    /** The key that no other replaces. Empty if the table is. */
    @SqlQuery("""
            SELECT kid, algorithm, private_sealed, created_at, published_from, signs_from, verifies_until,
                   created_at >= transaction_timestamp() AS is_just_made,
                   signs_from > clock_timestamp() AS is_waiting,
                   created_at <= clock_timestamp() - make_interval(secs => :ageSeconds) AS is_old,
                   EXISTS (SELECT FROM signing_keys WHERE verifies_until > clock_timestamp()) AS has_predecessors
              FROM signing_keys
             WHERE verifies_until IS NULL
            """)
    Optional<Active> active(long ageSeconds);

    @SqlQuery("SELECT clock_timestamp()")
    Instant time();

    /** The active key verifies until this moment. */
    @SqlUpdate("UPDATE signing_keys SET verifies_until = :until WHERE verifies_until IS NULL")
    int replace(Instant until);

    /** No key verifies from this moment on. */
    @SqlUpdate("UPDATE signing_keys SET verifies_until = :now WHERE verifies_until IS NULL OR verifies_until > :now")
    int endAll(Instant now);

    /** Notes that HS256 has signed until now, and verifies until this moment. */
    @SqlUpdate("""
            INSERT INTO signing_keys (kid, algorithm, created_at, published_from, signs_from, verifies_until)
            VALUES ('HS256', 'HS256', :now, to_timestamp(0), to_timestamp(0), :until)
            """)
    void replaceHs256(Instant now, Instant until);

    /** Adds the active key. HS256 may be in the table already, because it signed before. */
    @SqlUpdate("""
            INSERT INTO signing_keys
                   (kid, algorithm, public_jwk, private_sealed, created_at, published_from, signs_from)
            VALUES (:kid, :algorithm, :publicJwk::jsonb, :sealed, :now, :now, :signsFrom)
                ON CONFLICT (kid) DO UPDATE
                   SET created_at = excluded.created_at,
                       published_from = excluded.published_from,
                       signs_from = excluded.signs_from,
                       verifies_until = NULL
            """)
    void add(
            String kid,
            String algorithm,
            @Nullable String publicJwk,
            byte @Nullable [] sealed,
            Instant now,
            Instant signsFrom);

    /**
     * Deletes keys that ended longer ago than the margin.
     *
     * @param limit the maximum number of rows
     * @return the number of deleted rows
     */
    @SqlUpdate("""
            DELETE FROM signing_keys
             WHERE kid IN (SELECT kid
                             FROM signing_keys
                            WHERE verifies_until < now() - make_interval(secs => :marginSeconds)
                            LIMIT :limit
                              FOR UPDATE SKIP LOCKED)
            """)
    int purge(double marginSeconds, int limit);

    /**
     * The active key.
     *
     * @param isJustMade whether it was made after this transaction began
     * @param isWaiting whether it does not sign yet
     * @param isOld whether it has the age
     * @param hasPredecessors whether an earlier key still verifies
     */
    record Active(
            StoredSigningKey key, boolean isJustMade, boolean isWaiting, boolean isOld, boolean hasPredecessors) {}
}
