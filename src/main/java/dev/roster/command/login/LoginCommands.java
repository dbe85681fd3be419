package dev.roster.command.login;

import dev.roster.command.account.AccountState;
import dev.roster.command.session.NewSession;
import java.util.Optional;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlQuery;

/** The SQL of a login. */
public interface LoginCommands {
    /**
     * Selects the user and the role if the hash is the verified one, and why the account is closed. Each query appends
     * its lock.
     */
    String PROVEN = """
            WITH proven AS (
                SELECT users.id, users.role,""" + AccountState.CLOSED_FOR + """
                       AS closed_for
                  FROM users
                 WHERE users.id = :userId AND users.password_hash = :verifiedHash
            """;

    /**
     * Finds the user, ignoring case. For an unknown address, returns a placeholder row that {@linkplain
     * UserWithHash#exists does not exist} and takes equally long, so that the time does not tell which addresses are
     * known. Does not read the profile, which may be large; {@link #open} does.
     */
    @SqlQuery("""
            SELECT coalesce(id, '00000000-0000-0000-0000-000000000000') AS id,
                   coalesce(name, sent.email_key) AS name,
                   coalesce(email, sent.email_key) AS email,
                   email_verified_at IS NOT NULL AS email_verified,
                   pending_email,
                   coalesce(role, 'user') AS role,
                   '{}' AS profile,
                   coalesce(version, 1) AS version,
                   coalesce(created_at, now()) AS created_at,
                   coalesce(updated_at, now()) AS updated_at,
                   coalesce(password_hash, '') AS password_hash
              FROM (SELECT lower(:email COLLATE "C") AS email_key) sent
              LEFT JOIN users ON users.email_key = sent.email_key
            """)
    UserWithHash find(String email);

    /**
     * Opens a session if the user exists, still has the verified hash, and may log in. Locks the user's row: a change
     * that ends sessions either sees the session or is seen here.
     */
    @SqlQuery(PROVEN + """
               FOR SHARE),
            opened AS (
                INSERT INTO sessions (id, user_id, refresh_token_hash, expires_at, user_agent, ip)
                SELECT :id, proven.id, :refreshTokenHash, now() + make_interval(secs => :lifetimeSeconds),
                       :userAgent, :ip::inet
                  FROM proven
                 WHERE closed_for IS NULL
                RETURNING user_id, created_at AS auth_time, expires_at,
                          floor(extract(epoch FROM expires_at - now())) AS expires_in)
            SELECT closed_for, user_id, auth_time, role, expires_at, expires_in,
                   (SELECT profile FROM users WHERE users.id = user_id) AS profile
              FROM proven LEFT JOIN opened ON true
            """)
    Optional<OpenedLogin> open(@BindMethods NewSession session, String verifiedHash);

    /** The same, and replaces the hash. The user's version stays, because the user has not changed. */
    @SqlQuery(PROVEN + """
               FOR NO KEY UPDATE),
            rehashed AS (
                UPDATE users
                   SET password_hash = :newHash
                  FROM proven
                 WHERE users.id = proven.id AND closed_for IS NULL
                RETURNING users.id),
            opened AS (
                INSERT INTO sessions (id, user_id, refresh_token_hash, expires_at, user_agent, ip)
                SELECT :id, rehashed.id, :refreshTokenHash, now() + make_interval(secs => :lifetimeSeconds),
                       :userAgent, :ip::inet
                  FROM rehashed
                RETURNING user_id, created_at AS auth_time, expires_at,
                          floor(extract(epoch FROM expires_at - now())) AS expires_in)
            SELECT closed_for, user_id, auth_time, role, expires_at, expires_in,
                   (SELECT profile FROM users WHERE users.id = user_id) AS profile
              FROM proven LEFT JOIN opened ON true
            """)
    Optional<OpenedLogin> openAndRehash(@BindMethods NewSession session, String verifiedHash, String newHash);
}
