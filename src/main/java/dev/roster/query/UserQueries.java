package dev.roster.query;

import dev.roster.query.replica.Reads;
import dev.roster.user.StoredUser;
import jakarta.servlet.http.HttpServletRequest;
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

    /** The same, from wherever this request reads. */
    static Optional<StoredUser> find(Reads reads, HttpServletRequest request, UUID id) {
        return reads.find(request, handle -> handle.attach(UserQueries.class).find(id));
    }
}
