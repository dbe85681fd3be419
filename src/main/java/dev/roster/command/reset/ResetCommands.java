package dev.roster.command.reset;

import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jspecify.annotations.Nullable;

/** The SQL of password resets. */
@RegisterConstructorMapper(ResetCommands.Recipient.class)
public interface ResetCommands {

    /**
     * Makes other requests for this address wait until the transaction ends, even if no user has it. The lock of the
     * user's row would make them wait only if a user has it, and so reveal that.
     */
    @SqlQuery("""
            SELECT pg_advisory_xact_lock(hashtextextended('reset ' || lower(:email COLLATE "C"), 0))::text
            """)
    String lockAddress(String email);

    /** Locks the user with this address, ignoring case. */
    @SqlQuery("""
            SELECT id, email
              FROM users
             WHERE email_key = lower(:email COLLATE "C")
               FOR NO KEY UPDATE
            """)
    Optional<Recipient> lockUser(String email);

    /**
     * Locks the user, and, if the user still has this address, sets the password. Completes a required reset, marks the
     * address as proven, and ends a pending change of it. A disabled user stays disabled.
     *
     * @return whether there is such a user
     */
    @SqlUpdate("""
            UPDATE users
               SET password_hash = :passwordHash,
                   password_reset_required_at = NULL,
                   email_verified_at = coalesce(email_verified_at, now()),
                   pending_email = NULL,
                   version = version + 1,
                   updated_at = greatest(now(), updated_at + interval '1 microsecond')
             WHERE id = :id AND email = :address
            """)
    boolean setPassword(UUID id, String address, String passwordHash);

    /**
     * The user who gets the link.
     *
     * @param id null for nobody
     * @param email the address in the user's own spelling
     */
    record Recipient(@Nullable UUID id, String email) {}
}
