package dev.roster.revocation;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A revocation: a row of {@code token_blocklist}.
 *
 * @param id a token's {@code jti}, a session's {@code sid} or a user's {@code sub}
 * @param kind {@code token}, {@code session} or {@code user}
 * @param userId the owner; null if the row was written by hand without one
 * @param expiresAt the last moment at which a token that it covers could be accepted
 */
public record Revocation(UUID id, String kind, @Nullable UUID userId, String reason, Instant expiresAt) {
    /** The reason if the user, or an operator, ended a session. As the reason of {@link #ALL}: all sessions. */
    public static final String SESSION_ENDED = "session_ended";

    /** The reason of a row that a node has written again, of which it knew no more than the id. */
    static final String RESTORED = "restored";

    /** The id of the one row that revokes every token issued until it was written. Its kind is {@code all}. */
    static final UUID ALL = new UUID(0, 0);

    public static Revocation ofToken(UUID tokenId, UUID userId, String reason, Instant expiresAt) {
        return new Revocation(tokenId, "token", userId, reason, expiresAt);
    }

    public static Revocation ofSession(UUID sessionId, UUID userId, String reason, Instant expiresAt) {
        return new Revocation(sessionId, "session", userId, reason, expiresAt);
    }

    public static Revocation ofUser(UUID userId, String reason, Instant expiresAt) {
        return new Revocation(userId, "user", userId, reason, expiresAt);
    }
}
