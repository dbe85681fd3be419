package dev.roster.command.session;

import dev.roster.limit.RefreshLimit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.sqlobject.config.KeyColumn;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.config.ValueColumn;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jspecify.annotations.Nullable;

/** What is written of sessions, and what a login has to know of its user; {@link Rotations} refreshes one. */
@RegisterConstructorMapper(OpenSession.class)
@RegisterConstructorMapper(LockedSession.class)
public interface SessionCommands {

    /**
     * The user of this address, in whatever case; where there is none, a row like any other, that nobody {@linkplain
     * UserWithHash#exists is}: to find and read one takes time, by which an address that is known could be told.
     */
    @SqlQuery("""
            SELECT coalesce(id, '00000000-0000-0000-0000-000000000000') AS id,
                   coalesce(name, sent.email_key) AS name,
                   coalesce(email, sent.email_key) AS email,
                   coalesce(role, 'user') AS role,
                   coalesce(version, 1) AS version,
                   coalesce(created_at, now()) AS created_at,
                   coalesce(updated_at, now()) AS updated_at,
                   coalesce(password_hash, '') AS password_hash
              FROM (SELECT lower(:email COLLATE "C") AS email_key) sent
              LEFT JOIN users ON users.email_key = sent.email_key
            """)
    UserWithHash findLogin(String email);

    /**
     * Opens a session, where the user is still there and still has the password that was checked. Locks the user's row,
     * so that a password change either sees the session or is seen here.
     */
    @SqlQuery("""
            INSERT INTO sessions (id, user_id, refresh_token_hash, expires_at, user_agent, ip)
            SELECT :id, users.id, :refreshTokenHash, now() + make_interval(secs => :lifetimeSeconds), :userAgent, :ip::inet
              FROM users
             WHERE users.id = :userId AND password_hash = :verifiedHash
               FOR SHARE
            RETURNING user_id, expires_at, floor(extract(epoch FROM expires_at - now())) AS expires_in
            """)
    Optional<OpenSession> open(@BindMethods NewSession session, String verifiedHash);

    /** The same, and gives the password a new hash. The user has not changed by it: its version stays. */
    @SqlQuery("""
            WITH rehashed AS (
                UPDATE users
                   SET password_hash = :newHash
                 WHERE id = :userId AND password_hash = :verifiedHash
                RETURNING id)
            INSERT INTO sessions (id, user_id, refresh_token_hash, expires_at, user_agent, ip)
            SELECT :id, rehashed.id, :refreshTokenHash, now() + make_interval(secs => :lifetimeSeconds), :userAgent, :ip::inet
              FROM rehashed
            RETURNING user_id, expires_at, floor(extract(epoch FROM expires_at - now())) AS expires_in
            """)
    Optional<OpenSession> openAndRehash(@BindMethods NewSession session, String verifiedHash, String newHash);

    /** Locks an open session against being refreshed or ended by anybody else. */
    @SqlQuery("""
            SELECT user_id, refresh_token_hash, expires_at, floor(extract(epoch FROM expires_at - now())) AS expires_in,
                   extract(epoch FROM refreshes_full_at - now())::float8 - :intervalSeconds * (:atOnce - 1) AS seconds_to_next
              FROM sessions
             WHERE id = :id
               AND expires_at > now()
               AND created_at + make_interval(secs => :lifetimeSeconds) > now()
               FOR UPDATE
            """)
    Optional<LockedSession> lock(UUID id, long lifetimeSeconds, @BindMethods RefreshLimit limit);

    /** Counts an answer to a refresh that has rotated nothing. */
    @SqlUpdate("""
            UPDATE sessions
               SET refreshes_full_at = greatest(refreshes_full_at, now()) + make_interval(secs => :intervalSeconds)
             WHERE id = :id
            """)
    void countRefresh(UUID id, @BindMethods RefreshLimit limit);

    /**
     * The salts of the successors of the tokens that were spent within the grace, by the spent tokens' hashes: of the
     * last 1,000, which is more than a client that only races itself can spend.
     */
    @SqlQuery("""
            SELECT hash, successor_salt
              FROM spent_refresh_tokens
             WHERE session_id = :sessionId AND spent_at >= now() - make_interval(secs => :graceSeconds)
             ORDER BY spent_at DESC
             LIMIT 1000
            """)
    @KeyColumn("hash")
    @ValueColumn("successor_salt")
    Map<String, String> successorSalts(UUID sessionId, double graceSeconds);

    /**
     * Ends a session.
     *
     * @return whether the user had it, and it was open
     */
    @SqlUpdate("DELETE FROM sessions WHERE id = :id AND user_id = :userId AND expires_at > now()")
    boolean end(UUID id, UUID userId);

    /**
     * Makes whoever ends several sessions of a user wait for one another, so that no two wait in a circle. A statement
     * that changes or deletes the user does the same.
     */
    @SqlQuery("SELECT id FROM users WHERE id = :userId FOR NO KEY UPDATE")
    List<UUID> lockUser(UUID userId);

    /**
     * Ends those of a user's sessions that were not used for longest, where there are more than so many. One that is just
     * being refreshed or ended is left alone.
     *
     * @return the ids of those that it ended
     */
    @SqlQuery("""
            DELETE FROM sessions
             WHERE id IN (SELECT id
                            FROM sessions
                           WHERE id IN (SELECT id
                                          FROM sessions
                                         WHERE user_id = :userId
                                         ORDER BY last_used_at DESC, created_at DESC
                                        OFFSET :most)
                             FOR UPDATE SKIP LOCKED)
            RETURNING id
            """)
    List<UUID> endOldest(UUID userId, int most);

    /** Whether a user has an open session that was last used from this client address, or its IPv6 network. */
    @SqlQuery("""
            SELECT EXISTS (
                SELECT FROM sessions
                 WHERE user_id = :userId
                   AND ip <<= CASE family(:ip::inet) WHEN 6 THEN network(set_masklen(:ip::inet, 64)) ELSE :ip::inet END
                   AND expires_at > now())
            """)
    boolean isLoggedInFrom(UUID userId, @Nullable String ip);

    @SqlQuery("SELECT EXISTS (SELECT FROM sessions WHERE id = :id)")
    boolean exists(UUID id);

    /**
     * Ends every session of a user, of whom the caller has locked the row, but one (or none, where null).
     *
     * @return the ids of those that it ended
     */
    @SqlQuery("""
            DELETE FROM sessions
             WHERE user_id = :userId AND id IS DISTINCT FROM :exceptId::uuid
            RETURNING id
            """)
    List<UUID> endOthers(UUID userId, @Nullable UUID exceptId);
}
