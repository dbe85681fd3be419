package dev.roster.mail.token;

import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jspecify.annotations.Nullable;

/** The table {@code mail_tokens}. */
@RegisterConstructorMapper(TokenOwner.class)
@RegisterConstructorMapper(PendingToken.class)
public interface TokenCommands {

    /** Adds a token, and marks the owner's earlier ones of the purpose as replaced. */
    @SqlUpdate("""
            WITH replaced AS (
                UPDATE mail_tokens
                   SET used_at = now()
                 WHERE (user_id = :userId::uuid OR pending_id = :pendingId::uuid)
                   AND purpose = :purpose
                   AND used_at IS NULL)
            INSERT INTO mail_tokens (id, purpose, user_id, pending_id, address, expires_at)
            VALUES (:id, :purpose, :userId::uuid, :pendingId::uuid, :address,
                    now() + make_interval(secs => :lifetimeSeconds))
            """)
    void insert(
            UUID id,
            String purpose,
            @Nullable UUID userId,
            @Nullable UUID pendingId,
            String address,
            long lifetimeSeconds);

    /**
     * Adds a token that reverts a change. Earlier ones stay. It gets the time of the change: the user's row is locked,
     * so later changes have later times. {@code now()} may be the time before the lock.
     */
    @SqlUpdate("""
            INSERT INTO mail_tokens (id, purpose, user_id, address, created_at, expires_at)
            SELECT :id, 'revert', :userId, :address, changed_at, changed_at + make_interval(secs => :lifetimeSeconds)
              FROM clock_timestamp() AS changed_at
            """)
    void insertRevert(UUID id, UUID userId, String address, long lifetimeSeconds);

    /** Returns true if a token may give the user this address back, ignoring case. */
    @SqlQuery("""
            SELECT EXISTS (SELECT
                             FROM mail_tokens
                            WHERE user_id = :userId
                              AND purpose = 'revert'
                              AND used_at IS NULL
                              AND expires_at > now()
                              AND lower(address COLLATE "C") = lower(:address COLLATE "C"))
            """)
    boolean isRevertible(UUID userId, String address);

    /** Finds the owner of a token that may be used. */
    @SqlQuery("""
            SELECT mail_tokens.id AS token_id, user_id, name, address
              FROM mail_tokens
              JOIN users ON users.id = user_id
             WHERE mail_tokens.id = :id AND purpose = :purpose AND used_at IS NULL AND expires_at > now()
               AND CASE purpose WHEN 'revert' THEN true
                                WHEN 'change' THEN users.pending_email = address
                                ELSE users.email = address END
            """)
    Optional<TokenOwner> find(UUID id, String purpose);

    /** Finds the pending registration of a token that may be used. */
    @SqlQuery("""
            SELECT mail_tokens.id AS token_id, pending_id, address, password_hash
              FROM mail_tokens
              JOIN pending_registrations pending ON pending.id = pending_id
             WHERE mail_tokens.id = :id
               AND purpose = :purpose
               AND used_at IS NULL
               AND mail_tokens.expires_at > now()
               AND pending.expires_at > now()
            """)
    Optional<PendingToken> findPending(UUID id, String purpose);

    /** Marks a token as used. Returns whether it could be used. */
    @SqlUpdate("UPDATE mail_tokens SET used_at = now() WHERE id = :id AND used_at IS NULL AND expires_at > now()")
    boolean use(UUID id);

    /** Gives a token of a pending registration, and its mails, to the user that the registration has become. */
    @SqlUpdate("""
            WITH adopted AS (
                UPDATE mail_tokens
                   SET user_id = pending_id, pending_id = NULL, used_at = now()
                 WHERE id = :id
                RETURNING user_id)
            UPDATE mails
               SET user_id = adopted.user_id
              FROM adopted
             WHERE token_id = :id AND mails.user_id IS NULL
            """)
    void adopt(UUID id);

    /** Marks all tokens of a user as replaced, except those that revert a change. */
    @SqlUpdate("""
            UPDATE mail_tokens
               SET used_at = now()
             WHERE user_id = :userId AND purpose <> 'revert' AND used_at IS NULL
            """)
    void end(UUID userId);

    /** Marks the tokens of a user and one purpose as replaced. */
    @SqlUpdate("""
            UPDATE mail_tokens
               SET used_at = now()
             WHERE user_id = :userId AND purpose = :purpose AND used_at IS NULL
            """)
    void end(UUID userId, String purpose);

    /** Marks all tokens of a user as replaced. */
    @SqlUpdate("UPDATE mail_tokens SET used_at = now() WHERE user_id = :userId AND used_at IS NULL")
    void endAll(UUID userId);

    /**
     * Marks the user's tokens that revert a change to another address as replaced, if they are later than the first one
     * that reverts to this address, ignoring case. That one may be used.
     */
    @SqlUpdate("""
            UPDATE mail_tokens
               SET used_at = now()
             WHERE user_id = :userId
               AND purpose = 'revert'
               AND used_at IS NULL
               AND lower(address COLLATE "C") <> lower(:address COLLATE "C")
               AND created_at >= (SELECT min(created_at)
                                    FROM mail_tokens
                                   WHERE user_id = :userId
                                     AND purpose = 'revert'
                                     AND lower(address COLLATE "C") = lower(:address COLLATE "C"))
            """)
    void endLater(UUID userId, String address);
}
