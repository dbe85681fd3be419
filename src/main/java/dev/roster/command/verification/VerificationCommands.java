package dev.roster.command.verification;

import dev.roster.user.StoredUser;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;

/** The SQL of proofs of addresses, and of pending registrations. */
@RegisterConstructorMapper(VerificationCommands.AddressOwner.class)
@RegisterConstructorMapper(VerificationCommands.Renewed.class)
public interface VerificationCommands {

    /**
     * Makes other transactions that add, renew or confirm registrations of this address wait until this one ends. Also
     * hides whether a user has the address: the lock of the user's row would make others wait only if one has it.
     */
    @SqlQuery("""
            SELECT pg_advisory_xact_lock(hashtextextended('verification ' || lower(:email COLLATE "C"), 0))::text
            """)
    String lockAddress(String email);

    /** Locks the user with this address, ignoring case. */
    @SqlQuery("""
            SELECT id, email, email_verified_at IS NOT NULL AS is_verified
              FROM users
             WHERE email_key = lower(:email COLLATE "C")
               FOR NO KEY UPDATE
            """)
    Optional<AddressOwner> lockUser(String email);

    /** Adds a registration. If the address has more than a maximum of them, the oldest give way, with their tokens. */
    @SqlUpdate("""
            WITH excess AS (
                DELETE FROM pending_registrations
                 WHERE id IN (SELECT id
                                FROM pending_registrations
                               WHERE email_key = lower(:email COLLATE "C")
                               ORDER BY created_at DESC, id DESC
                              OFFSET :maximum - 1))
            INSERT INTO pending_registrations (id, name, email, role, profile, password_hash, expires_at)
            VALUES (:id, :name, :email, :role, :profile::jsonb, :passwordHash,
                    now() + make_interval(secs => :lifetimeSeconds))
            """)
    void add(@BindMethods PendingRegistration registration, int maximum, long lifetimeSeconds);

    /**
     * Lets the newest registration of an address expire as late as a new link to it, but at most 7 days after it was
     * made: otherwise it could be kept for ever. Does nothing if a user has the address.
     */
    @SqlQuery("""
            UPDATE pending_registrations
               SET expires_at = greatest(expires_at, least(now() + make_interval(secs => :lifetimeSeconds),
                                                           created_at + interval '7 days'))
             WHERE id = (SELECT id
                           FROM pending_registrations
                          WHERE email_key = lower(:email COLLATE "C") AND expires_at > now()
                          ORDER BY created_at DESC, id DESC
                          LIMIT 1)
               AND NOT EXISTS (SELECT FROM users WHERE email_key = lower(:email COLLATE "C"))
            RETURNING id, email
            """)
    Optional<Renewed> renewNewest(String email, long lifetimeSeconds);

    /** Locks all registrations of an address, in the order of their ids. */
    @SqlQuery("""
            SELECT id
              FROM pending_registrations
             WHERE email_key = lower(:email COLLATE "C")
             ORDER BY id
               FOR UPDATE
            """)
    List<UUID> lockAll(String email);

    /**
     * Makes a pending registration a user, whose address is proven. Violates the unique index on addresses if a user
     * has the address.
     *
     * @return empty if there is no such registration any more
     */
    @SqlQuery("""
            INSERT INTO users (id, name, email, role, profile, password_hash, email_verified_at)
            SELECT id, name, email, role, profile, password_hash, now()
              FROM pending_registrations
             WHERE id = :id
            RETURNING""" + StoredUser.COLUMNS)
    Optional<StoredUser> insertUser(UUID id);

    /** Deletes all registrations of an address, with their tokens. */
    @SqlUpdate("DELETE FROM pending_registrations WHERE email_key = lower(:email COLLATE \"C\")")
    void deleteAll(String email);

    /**
     * Marks the address of a user as proven, if the user still has it and has not proven it before.
     *
     * @param keepsChange whether a pending change of the address goes on
     * @return whether there is such a user
     */
    @SqlUpdate("""
            UPDATE users
               SET email_verified_at = now(),
                   pending_email = CASE WHEN :keepsChange THEN pending_email END,
                   version = version + 1,
                   updated_at = greatest(now(), updated_at + interval '1 microsecond')
             WHERE id = :id AND email = :address AND email_verified_at IS NULL
            """)
    boolean prove(UUID id, String address, boolean keepsChange);

    /** Deletes registrations that have expired. */
    @SqlUpdate("""
            DELETE FROM pending_registrations
             WHERE id IN (SELECT id
                            FROM pending_registrations
                           WHERE expires_at < now()
                           LIMIT :limit
                             FOR UPDATE SKIP LOCKED)
            """)
    int purge(int limit);

    /** A user, with the address in the user's own spelling. */
    record AddressOwner(UUID id, String email, boolean isVerified) {}

    /** A registration that lasts longer now. */
    record Renewed(UUID id, String email) {}
}
