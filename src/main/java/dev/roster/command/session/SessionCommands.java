package dev.roster.command.session;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;

/** What is written to the table {@code sessions}, and what a login has to know of its user. */
public interface SessionCommands {

    /** The user of this address, in whatever case. */
    @SqlQuery("""
            SELECT id, name, email, role, version, created_at, updated_at, password_hash
              FROM users
             WHERE email_key = lower(:email COLLATE "C")
            """)
    Optional<UserWithHash> findLogin(String email);

    /**
     * Opens a session, where the user is still there and still has the password that was checked. Locks the user's row,
     * so that a password change either sees the session or is seen here.
     */
    @SqlUpdate("""
            INSERT INTO sessions (id, user_id, expires_at)
            SELECT :id, users.id, :expiresAt
              FROM users
             WHERE users.id = :userId AND password_hash = :verifiedHash
               FOR SHARE
            """)
    boolean open(UUID id, UUID userId, String verifiedHash, Instant expiresAt);

    /** The same, and gives the password a new hash. The user has not changed by it: its version stays. */
    @SqlUpdate("""
            WITH rehashed AS (
                UPDATE users
                   SET password_hash = :newHash
                 WHERE id = :userId AND password_hash = :verifiedHash
                RETURNING id)
            INSERT INTO sessions (id, user_id, expires_at)
            SELECT :id, rehashed.id, :expiresAt
              FROM rehashed
            """)
    boolean openAndRehash(UUID id, UUID userId, String verifiedHash, String newHash, Instant expiresAt);

    @SqlUpdate("DELETE FROM sessions WHERE id = :id")
    void close(UUID id);
}
