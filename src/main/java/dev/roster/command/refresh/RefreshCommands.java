package dev.roster.command.refresh;

import dev.roster.command.account.AccountState;
import dev.roster.limit.RefreshLimit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.sqlobject.config.KeyColumn;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.config.ValueColumn;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;

/** The SQL of a refresh with a token that is not live. {@link Rotations} has the statement for one that is. */
@RegisterConstructorMapper(LockedSession.class)
public interface RefreshCommands {
    /** Locks an open session of a user who may log in, so that nobody else refreshes or ends it. */
    @SqlQuery("""
            SELECT user_id, created_at AS auth_time, (SELECT role FROM users WHERE users.id = user_id) AS role,
                   refresh_token_hash, expires_at, floor(extract(epoch FROM expires_at - now())) AS expires_in,
                   extract(epoch FROM refreshes_full_at - now())::float8 - :intervalSeconds * (:atOnce - 1)
                       AS seconds_to_next
              FROM sessions
             WHERE id = :id
               AND expires_at > now()
               AND created_at + make_interval(secs => :lifetimeSeconds) > now()
               AND EXISTS (SELECT FROM users WHERE users.id = user_id AND""" + AccountState.IS_OPEN + """
                   )
               FOR UPDATE
            """)
    Optional<LockedSession> lock(UUID id, long lifetimeSeconds, @BindMethods RefreshLimit limit);

    /** Counts a refresh that was answered without a rotation. */
    @SqlUpdate("""
            UPDATE sessions
               SET refreshes_full_at = greatest(refreshes_full_at, now()) + make_interval(secs => :intervalSeconds)
             WHERE id = :id
            """)
    void countRefresh(UUID id, @BindMethods RefreshLimit limit);

    /**
     * The successors' salts by the hashes of the tokens that were spent within the grace. Only the last 1,000: a client
     * that races itself cannot spend more.
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

    /** Deletes tokens that were spent longer ago than the grace. */
    @SqlUpdate("""
            DELETE FROM spent_refresh_tokens
             WHERE (session_id, hash) IN (SELECT session_id, hash
                                            FROM spent_refresh_tokens
                                           WHERE spent_at < now() - make_interval(secs => :graceSeconds)
                                           ORDER BY spent_at
                                           LIMIT :limit
                                             FOR UPDATE SKIP LOCKED)
            """)
    int purge(double graceSeconds, int limit);
}
