package dev.roster.command.session;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jspecify.annotations.Nullable;

/** The SQL that ends sessions, and notes logins. */
@RegisterConstructorMapper(SessionCommands.EndedSession.class)
public interface SessionCommands {
    /**
     * Ends a session.
     *
     * @return whether it was an open session of this user
     */
    @SqlUpdate("DELETE FROM sessions WHERE id = :id AND user_id = :userId AND expires_at > now()")
    boolean end(UUID id, UUID userId);

    /**
     * Ends a session.
     *
     * @return its user; empty if there is no such open session
     */
    @SqlQuery("DELETE FROM sessions WHERE id = :id AND expires_at > now() RETURNING user_id")
    Optional<UUID> end(UUID id);

    /**
     * Locks the user's row, like statements that change or delete the user. Call it before ending several sessions, so
     * that two such transactions cannot deadlock.
     *
     * @return the id; empty if there is no such user
     */
    @SqlQuery("SELECT id FROM users WHERE id = :userId FOR NO KEY UPDATE")
    List<UUID> lockUser(UUID userId);

    /**
     * Notes the time of a login, unless the last one was noted within a minute. Ends the user's least recently used
     * sessions beyond a maximum, but skips sessions that another transaction is refreshing or ending.
     *
     * @return the ids of the sessions that it ended
     */
    @SqlQuery("""
            WITH login AS (
                INSERT INTO last_logins (user_id, last_login_at)
                SELECT :userId, now()
                 WHERE NOT EXISTS (SELECT
                                     FROM last_logins
                                    WHERE user_id = :userId AND last_login_at > now() - interval '1 minute')
                ON CONFLICT (user_id) DO UPDATE
                   SET last_login_at = excluded.last_login_at
                 WHERE last_logins.last_login_at <= excluded.last_login_at - interval '1 minute')
            DELETE FROM sessions
             WHERE id IN (SELECT id
                            FROM sessions
                           WHERE id IN (SELECT id
                                          FROM sessions
                                         WHERE user_id = :userId
                                         ORDER BY last_used_at DESC, created_at DESC
                                        OFFSET :maximum)
                             FOR UPDATE SKIP LOCKED)
            RETURNING id
            """)
    List<UUID> noteLoginAndEndOldest(UUID userId, int maximum);

    @SqlQuery("SELECT EXISTS (SELECT FROM sessions WHERE id = :id)")
    boolean exists(UUID id);

    /**
     * Ends every session of a user except {@code exceptId}; if it is null, all of them. Call {@link #lockUser} first.
     *
     * @return the ids of the sessions that it ended
     */
    @SqlQuery("""
            DELETE FROM sessions
             WHERE user_id = :userId AND id IS DISTINCT FROM :exceptId::uuid
            RETURNING id
            """)
    List<UUID> endOthers(UUID userId, @Nullable UUID exceptId);

    /**
     * Locks the next users, by id, who have sessions that were opened until a moment.
     *
     * @param afterId the last user of the previous call
     */
    @SqlQuery("""
            SELECT id
              FROM users
             WHERE id IN (SELECT DISTINCT user_id
                            FROM sessions
                           WHERE user_id > :afterId AND created_at <= :openedUntil
                           ORDER BY user_id
                           LIMIT :limit)
             ORDER BY id
               FOR NO KEY UPDATE
            """)
    List<UUID> lockNextUsers(UUID afterId, Instant openedUntil, int limit);

    /** Ends every session of these users that was opened until a moment. Call {@link #lockNextUsers} first. */
    @SqlQuery("""
            DELETE FROM sessions
             WHERE user_id = ANY (:userIds) AND created_at <= :openedUntil
            RETURNING id, user_id
            """)
    List<EndedSession> endOpenedUntil(List<UUID> userIds, Instant openedUntil);

    @SqlQuery("SELECT clock_timestamp()")
    Instant now();

    /** Deletes sessions that expired longer ago than the margin. */
    @SqlUpdate("""
            DELETE FROM sessions
             WHERE id IN (SELECT id
                            FROM sessions
                           WHERE expires_at < now() - make_interval(secs => :marginSeconds)
                           ORDER BY expires_at
                           LIMIT :limit
                             FOR UPDATE SKIP LOCKED)
            """)
    int purge(double marginSeconds, int limit);

    /** A session that a statement has ended. */
    record EndedSession(UUID id, UUID userId) {}
}
