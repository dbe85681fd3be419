package dev.roster.query;

import java.util.List;
import java.util.UUID;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jspecify.annotations.Nullable;

/** Queries for sessions. */
@RegisterConstructorMapper(Session.class)
public interface SessionQueries {

    /** The user's open sessions, last used first. */
    @SqlQuery("""
            SELECT id, created_at, last_used_at, expires_at, user_agent, host(ip) AS ip,
                   id IS NOT DISTINCT FROM :currentId::uuid AS "current"
              FROM sessions
             WHERE user_id = :userId AND expires_at > now()
             ORDER BY last_used_at DESC, created_at DESC, id
            """)
    List<Session> list(UUID userId, @Nullable UUID currentId);
}
