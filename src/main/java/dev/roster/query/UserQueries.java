package dev.roster.query;

import dev.roster.user.StoredUser;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.sqlobject.statement.SqlQuery;

/** What can be read of users. */
public interface UserQueries {

    @SqlQuery("""
            SELECT id, name, email, role, version, created_at, updated_at
              FROM users
             WHERE id = :id
            """)
    Optional<StoredUser> find(UUID id);
}
