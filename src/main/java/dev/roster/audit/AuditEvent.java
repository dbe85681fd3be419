package dev.roster.audit;

import dev.roster.http.RequestSource;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened, to be written down. Never holds a name, an address of a person, or any value of theirs.
 *
 * @param actorId who did it; null where that is not known
 * @param targetId to whom; null where there is nobody
 * @param sessionId the session that it began, ended or belongs to
 * @param details more of it, in lower-case words parted by commas
 */
public record AuditEvent(
        Type type,
        @Nullable UUID actorId,
        @Nullable UUID targetId,
        @Nullable UUID sessionId,
        @Nullable String details,
        RequestSource source) {

    /** What can happen; in the database in lower case. */
    public enum Type {
        REGISTERED,
        LOGGED_IN,
        /** The credentials were wrong, or nobody has the address. */
        LOGIN_REFUSED,
        /** Of the members that the details name. */
        DETAILS_CHANGED,
        PASSWORD_CHANGED,
        /** The current password was wrong. */
        PASSWORD_REFUSED,
        LOGGED_OUT,
        /** By its user, or for what the details say. */
        SESSION_ENDED,
        REFRESH_TOKEN_REUSED,
        DELETED,
        /** Of the limit that the details name. */
        LIMIT_HIT;

        String column() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What somebody did to themself. */
    public static AuditEvent by(UUID userId, Type type, RequestSource source) {
        return new AuditEvent(type, userId, userId, null, null, source);
    }

    /** What somebody unknown did to this user, or to nobody. */
    public static AuditEvent against(@Nullable UUID userId, Type type, RequestSource source) {
        return new AuditEvent(type, null, userId, null, null, source);
    }

    public AuditEvent in(@Nullable UUID newSessionId) {
        return new AuditEvent(type, actorId, targetId, newSessionId, details, source);
    }

    public AuditEvent with(String newDetails) {
        return new AuditEvent(type, actorId, targetId, sessionId, newDetails, source);
    }
}
