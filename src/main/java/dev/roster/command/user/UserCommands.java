package dev.roster.command.user;

import dev.roster.command.account.AccountState;
import dev.roster.user.StoredUser;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jspecify.annotations.Nullable;

/** The SQL that inserts and deletes users, and reads the data for a change. {@link UserUpdates} has the update. */
@RegisterConstructorMapper(Credentials.class)
public interface UserCommands {

    /** The unique index on addresses. */
    String EMAIL_INDEX = "users_email_key_unique";

    /** Adds a user. Violates {@link #EMAIL_INDEX} if the address is taken. */
    @SqlQuery("""
            INSERT INTO users (id, name, email, role, password_hash, profile)
            VALUES (:id, :name, :email, :role, :passwordHash, :profile::jsonb)
            RETURNING""" + StoredUser.COLUMNS)
    StoredUser insert(UUID id, String name, String email, String role, @Nullable String passwordHash, String profile);

    /**
     * Locks the user and, if given, the present owner of a new address, in the order of their ids. Without that order,
     * two users who take each other's address would deadlock.
     */
    @SqlQuery("SELECT" + StoredUser.COLUMNS + """
              FROM users
             WHERE id = :id OR email_key = lower(:newEmail COLLATE "C")
             ORDER BY id
               FOR NO KEY UPDATE
            """)
    List<StoredUser> lock(UUID id, @Nullable String newEmail);

    /** Deletes a user; a closed account only if {@code evenIfClosed}. Returns whether there was one to delete. */
    @SqlUpdate("DELETE FROM users WHERE id = :id AND (:evenIfClosed OR" + AccountState.IS_OPEN + ")")
    boolean delete(UUID id, boolean evenIfClosed);

    /** Locks a user who may log in. */
    @SqlQuery("SELECT" + StoredUser.COLUMNS + "FROM users WHERE id = :id AND"
            + AccountState.IS_OPEN
            + "FOR NO KEY UPDATE")
    Optional<StoredUser> lockOpen(UUID id);

    /** The hash of the current password, and the name and address that a new password must not equal. */
    @SqlQuery("""
            SELECT name, email, password_hash
              FROM users
             WHERE id = :id
            """)
    Optional<Credentials> credentials(UUID id);

    /** Returns true if a user has this address, ignoring case. */
    @SqlQuery("SELECT EXISTS (SELECT FROM users WHERE email_key = lower(:email COLLATE \"C\"))")
    boolean isEmailTaken(String email);
}
