package dev.roster.command.user;

import dev.roster.command.account.AccountState;
import dev.roster.user.StoredUser;
import java.sql.ResultSet;
import java.sql.SQLException;
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
     * Locks the user, and sets the values that are not null, if one of them is new, the user may log in, and has the
     * verified hash (any, if null). A password is always new, and so are a pending address and a profile: lock the user
     * before you merge it. Each change gets a later time than the last one. A new address counts as not proven. If the
     * address is taken, violates {@link UserCommands#EMAIL_INDEX}.
     *
     * <p>{@code OFFSET 0} keeps PostgreSQL from comparing the values before it has the lock.
     *
     * @param replacesPending whether {@code pendingEmail} replaces the pending address; null then clears it
     * @param profileDetails the words that name what is new in the profile
     * @return empty if there is no such user, the account is closed, its hash is another, or nothing is new
     */
    @SqlQuery("""
            UPDATE users
               SET name = coalesce(:name, users.name),
                   email = coalesce(:email, users.email),
                   email_verified_at = CASE WHEN lower(:email COLLATE "C") <> email_key THEN NULL
                                            ELSE email_verified_at END,
                   pending_email = CASE WHEN :replacesPending THEN :pendingEmail::text ELSE users.pending_email END,
                   role = coalesce(:role, users.role),
                   password_hash = coalesce(:passwordHash, password_hash),
                   profile = coalesce(:profile::jsonb, profile),
                   version = version + 1,
                   updated_at = greatest(now(), updated_at + interval '1 microsecond')
              FROM (SELECT id, name, email, pending_email, role
                      FROM users
                     WHERE id = :id AND""" + AccountState.IS_OPEN + """
                    OFFSET 0 FOR NO KEY UPDATE) AS old
             WHERE users.id = old.id
               AND (:verifiedHash::text IS NULL OR password_hash = :verifiedHash)
               AND (:passwordHash::text IS NOT NULL OR :profile::text IS NOT NULL
                    OR :pendingEmail::text IS NOT NULL OR (:replacesPending AND old.pending_email IS NOT NULL)
                    OR :name <> old.name OR :email <> old.email OR :role <> old.role)
            RETURNING concat_ws(',', CASE WHEN users.name <> old.name THEN 'name' END,
                                CASE WHEN users.email <> old.email THEN 'email' END,
                                CASE WHEN users.pending_email IS NULL AND old.pending_email IS NOT NULL
                                     THEN 'pending_email' END,
                                CASE WHEN users.role <> old.role THEN 'role' END,
                                :profileDetails::text) AS details,""" + StoredUser.COLUMNS)
    Optional<Updated> update(
            UUID id,
            @Nullable String name,
            @Nullable String email,
            @Nullable String pendingEmail,
            boolean replacesPending,
            @Nullable String role,
            @Nullable String passwordHash,
            @Nullable String verifiedHash,
            @Nullable String profile,
            @Nullable String profileDetails);

    /**
     * A changed user.
     *
     * @param details the names of the members that changed, other than the password, separated by commas
     */
    record Updated(StoredUser user, String details) {
        static Updated read(ResultSet row) throws SQLException {
            return new Updated(StoredUser.read(row), row.getString("details"));
        }
    }
}
