package dev.roster.command.emailchange;

import dev.roster.user.StoredUser;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;

/** The SQL of changed and reverted addresses. */
public interface EmailChangeCommands {

    /**
     * Gives a user the address, which is proven now, if the user still wants to have it. Violates the unique index on
     * addresses if another user has it.
     *
     * @return empty if there is no such user
     */
    @SqlQuery("""
            UPDATE users
               SET email = :address,
                   email_verified_at = now(),
                   pending_email = NULL,
                   version = version + 1,
                   updated_at = greatest(now(), updated_at + interval '1 microsecond')
             WHERE id = :id AND pending_email = :address
            RETURNING""" + StoredUser.COLUMNS)
    Optional<StoredUser> confirm(UUID id, String address);

    /**
     * Gives a user an earlier address back, which counts as proven, and ends a pending change. Requires a new password:
     * somebody else may know or have set the present one. Violates the unique index on addresses if another user has
     * the address.
     */
    @SqlUpdate("""
            UPDATE users
               SET email = :address,
                   email_verified_at = CASE WHEN lower(:address COLLATE "C") = email_key
                                            THEN coalesce(email_verified_at, now())
                                            ELSE now() END,
                   pending_email = NULL,
                   password_reset_required_at = now(),
                   version = version + 1,
                   updated_at = greatest(now(), updated_at + interval '1 microsecond')
             WHERE id = :id
            """)
    void revert(UUID id, String address);
}
