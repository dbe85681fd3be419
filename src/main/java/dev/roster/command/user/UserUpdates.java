package dev.roster.command.user;

import dev.roster.user.StoredUser;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jspecify.annotations.Nullable;

/**
 * The statement that changes a user. It has an interface of its own, because attaching an interface costs more the more
 * methods it has, and this one is attached for every change.
 */
public interface UserUpdates {

    /**
     * Sets the values that are not null, if the user still has the verified hash (any, if null). Violates {@link
     * UserCommands#EMAIL_INDEX} if the address is taken.
     *
     * @return empty if there is no such user, or its hash is another
     */
    @SqlQuery("""
            UPDATE users
               SET name = coalesce(:name, name),
                   email = coalesce(:email, email),
                   role = coalesce(:role, role),
                   password_hash = coalesce(:passwordHash, password_hash),
                   version = version + 1,
                   updated_at = greatest(now(), updated_at)
             WHERE id = :id
               AND (:verifiedHash::text IS NULL OR password_hash = :verifiedHash)
            RETURNING id, name, email, role, version, created_at, updated_at
            """)
    Optional<StoredUser> update(
            UUID id,
            @Nullable String name,
            @Nullable String email,
            @Nullable String role,
            @Nullable String passwordHash,
            @Nullable String verifiedHash);
}
