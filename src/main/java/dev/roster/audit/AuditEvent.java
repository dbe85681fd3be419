package dev.roster.audit;

import dev.roster.http.RequestSource;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event to record. It refers to users by id only, and never holds a name, an e-mail address or another value of
 * theirs.
 *
 * @param actorId the user who did it; null if unknown, or for an operator
 * @param targetId the user it was done to; null if there is none
 * @param sessionId the session that the event began, ended or belongs to
 * @param details words, separated by commas
 * @param operation what only an operator's event has
 */
public record AuditEvent(
        Type type,
        @Nullable UUID actorId,
        @Nullable UUID targetId,
        @Nullable UUID sessionId,
        @Nullable String details,
        RequestSource source,
        Operation operation) {

    /**
     * The columns that only operators' events have. The actor and the reason are the operator's words, and are
     * forgotten with the user.
     *
     * @param keyId the API key with which the operator acted; null at a shell
     * @param targetKeyId the API key that was made or revoked; null for all other events
     * @param actor who used the key; null if unknown
     * @param reason why; null if unknown
     */
    public record Operation(
            @Nullable String keyId,
            @Nullable String targetKeyId,
            @Nullable String actor,
            @Nullable String reason) {

        /** That of a user's event. */
        static final Operation NONE = new Operation(null, null, null, null);
    }

    /** The types of events; in the database in lower case. */
    public enum Type {
        REGISTERED,
        LOGGED_IN,
        /** The password was wrong, or no user has the e-mail address. */
        LOGIN_REFUSED,
        /** The details name the changed members. */
        DETAILS_CHANGED,
        PASSWORD_CHANGED,
        /** The current password was wrong. */
        PASSWORD_REFUSED,
        LOGGED_OUT,
        /** Ended by its user, or for the reason in the details. */
        SESSION_ENDED,
        REFRESH_TOKEN_REUSED,
        DELETED,
        /** The details name the limit. */
        LIMIT_HIT,
        /** An operator disabled the account. */
        DISABLED,
        /** An operator enabled the account again. */
        ENABLED,
        /** An operator requires a new password. */
        PASSWORD_RESET_REQUIRED,
        /** An API key was made. */
        KEY_CREATED,
        /** An API key was revoked. */
        KEY_REVOKED,
        /** Somebody requested a link to set a new password, perhaps for an address that no user has. */
        PASSWORD_RESET_REQUESTED,
        /** A user set a new password with the link in a mail. */
        PASSWORD_RESET,
        /** Somebody registered, and has to prove the address. */
        REGISTRATION_REQUESTED,
        /** Somebody requested a mail that proves an address, perhaps one that no user has. */
        VERIFICATION_REQUESTED,
        /** A user proved the address with the link in a mail. */
        EMAIL_VERIFIED,
        /** A user wants to have another address, and has to prove it. */
        EMAIL_CHANGE_REQUESTED,
        /** A user proved the new address, and has it now. */
        EMAIL_CHANGED,
        /** The owner of an earlier address took it back. */
        EMAIL_CHANGE_REVERTED,
        /** An operator invited a user by mail. */
        INVITED,
        /** A new key signs access tokens. The details name it. */
        SIGNING_KEY_ROTATED;

        String column() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** An event that a user caused in their own account. */
    public static AuditEvent by(UUID userId, Type type, RequestSource source) {
        return new AuditEvent(type, userId, userId, null, null, source, Operation.NONE);
    }

    /** An event that an unknown actor caused in the account of this user, or of nobody. */
    public static AuditEvent against(@Nullable UUID userId, Type type, RequestSource source) {
        return new AuditEvent(type, null, userId, null, null, source, Operation.NONE);
    }

    /** The same event, in this session. */
    public AuditEvent in(@Nullable UUID newSessionId) {
        return new AuditEvent(type, actorId, targetId, newSessionId, details, source, operation);
    }

    /** The same event, with these details. */
    public AuditEvent with(String newDetails) {
        return new AuditEvent(type, actorId, targetId, sessionId, newDetails, source, operation);
    }

    /** The same event, as part of this operation. */
    public AuditEvent of(Operation newOperation) {
        return new AuditEvent(type, actorId, targetId, sessionId, details, source, newOperation);
    }
}
