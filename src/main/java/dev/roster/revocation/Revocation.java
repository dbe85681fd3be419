package dev.roster.revocation;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is revoked: a row of {@code token_blocklist}.
 *
 * @param id a token's {@code jti}, a session's {@code sid} or a user's {@code sub}
 * @param kind which of the three: {@code token}, {@code session} or {@code user}
 * @param userId whose it is; null where somebody wrote the row by hand and left it out
 * @param expiresAt the last moment at which a token that this covers could be used
 */
public record Revocation(UUID id, String kind, @Nullable UUID userId, String reason, Instant expiresAt) {

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
