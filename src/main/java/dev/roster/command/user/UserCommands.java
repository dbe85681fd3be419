package dev.roster.command.user;

import dev.roster.user.StoredUser;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jspecify.annotations.Nullable;

/** What is written to the table {@code users}, and what a writer has to know of it; how it is changed, {@link UserUpdates} says. */
@RegisterConstructorMapper(Credentials.class)
public interface UserCommands {

    /** The unique index that keeps one address to one user. */
    String EMAIL_INDEX = "users_email_key_unique";

    /** Adds a user. Fails on {@link #EMAIL_INDEX} where the address is taken. */
    @SqlQuery("""
            INSERT INTO users (id, name, email, role, password_hash)
            VALUES (:id, :name, :email, :role, :passwordHash)
            RETURNING id, name, email, role, version, created_at, updated_at
            """)
    StoredUser insert(UUID id, String name, String email, String role, String passwordHash);

    /**
     * Locks the user and whoever has the address that it wants, in one order for all: two who want each other's would
     * else wait for each other until the database ends one of them.
     */
    @SqlQuery("""
            SELECT id
              FROM users
             WHERE id = :id OR email_key = lower(:email COLLATE "C")
             ORDER BY id
               FOR NO KEY UPDATE
            """)
    List<UUID> lockForMove(UUID id, String email);

    /**
     * Deletes the user where it still has one of the versions (any, where null).
     *
     * @return whether it was there
     */
    @SqlUpdate("""
            DELETE FROM users
             WHERE id = :id
               AND (:versions::bigint[] IS NULL OR version = ANY (:versions))
            """)
    boolean delete(UUID id, @Nullable List<Long> versions);

    /** What a password is checked against, and what a new one must not be. */
    @SqlQuery("""
            SELECT name, email, password_hash
              FROM users
             WHERE id = :id
            """)
    Optional<Credentials> credentials(UUID id);

    /** Whether a user has this address, in whatever case. */
    @SqlQuery("SELECT EXISTS (SELECT FROM users WHERE email_key = lower(:email COLLATE \"C\"))")
    boolean isEmailTaken(String email);
}
