package dev.roster.revocation;

import java.time.Instant;
import java.util.UUID;

/**
 * An id that is revoked.
 *
 * @param id a token's {@code jti}, a session's {@code sid} or a user's {@code sub}
 * @param expirySecond the last second at which a token that it covers could be accepted, since 1970
 */
public record RevokedId(UUID id, long expirySecond) {
    /** This moment in seconds since 1970, rounded up. */
    public static long second(Instant moment) {
        long second = moment.getEpochSecond();
        return moment.getNano() > 0 && second < Instant.MAX.getEpochSecond() ? second + 1 : second;
    }
}
