package dev.roster.command.refresh;

import dev.roster.command.account.AccountState;
import dev.roster.command.session.OpenSession;
import dev.roster.limit.RefreshLimit;
import java.util.Optional;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlQuery;

/**
 * The statement that refreshes a session. It has an interface of its own, because attaching an interface costs more the
 * more methods it has, and this one is attached for every refresh.
 */
@RegisterConstructorMapper(OpenSession.class)
public interface Rotations {

    /**
     * Gives an open session its next refresh token, if the presented one is live, its user may log in, and the session
     * was not refreshed too often. Writes {@code last_used_at} at most once a minute.
     *
     * <p>Needs no lock on the user: closing an account ends its sessions, so it either waits for this statement's lock
     * or leaves no session to find. The user's state is checked for accounts that were closed by hand.
     */
    @SqlQuery("""
            WITH rotated AS (
                UPDATE sessions
                   SET refresh_token_hash = :successorHash,
                       expires_at = least(now() + make_interval(secs => :idleSeconds),
                                          created_at + make_interval(secs => :lifetimeSeconds)),
                       last_used_at = CASE WHEN last_used_at < now() - interval '1 minute' THEN now()
                                           ELSE last_used_at END,
                       user_agent = :userAgent,
                       ip = :ip::inet,
                       refreshes_full_at = greatest(refreshes_full_at, now()) + make_interval(secs => :intervalSeconds)
                 WHERE id = :sessionId
                   AND refresh_token_hash = :hash
                   AND expires_at > now()
                   AND created_at + make_interval(secs => :lifetimeSeconds) > now()
                   AND EXISTS (SELECT FROM users WHERE users.id = user_id AND""" + AccountState.IS_OPEN + """
                       )
                   AND (:intervalSeconds = 0
                        OR refreshes_full_at <= now() + make_interval(secs => :intervalSeconds * (:atOnce - 1)))
                RETURNING id, user_id, created_at, expires_at),
            spent AS (
                INSERT INTO spent_refresh_tokens (session_id, hash, successor_salt)
                SELECT id, :hash, :successorSalt
                  FROM rotated)
            SELECT user_id, created_at AS auth_time, (SELECT role FROM users WHERE users.id = user_id) AS role,
                   expires_at, floor(extract(epoch FROM expires_at - now())) AS expires_in
              FROM rotated
            """)
    Optional<OpenSession> rotate(@BindMethods Rotation rotation, @BindMethods RefreshLimit limit);
}
