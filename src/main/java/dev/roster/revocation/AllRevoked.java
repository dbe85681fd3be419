package dev.roster.revocation;

import java.time.Instant;

/**
 * The row of {@code token_blocklist} that revokes every token issued until a moment.
 *
 * @param until the moment
 * @param sessionsUntil the sessions that were opened until this moment have ended, too; {@link Instant#MIN} if none has
 */
public record AllRevoked(Instant until, Instant expiresAt, String reason, Instant sessionsUntil) {
    /** @param reason {@link Revocation#SESSION_ENDED} if the sessions have ended, too */
    public static AllRevoked of(Instant until, Instant expiresAt, String reason) {
        return new AllRevoked(until, expiresAt, reason, reason.equals(Revocation.SESSION_ENDED) ? until : Instant.MIN);
    }

    /** The row after both were written. */
    AllRevoked with(AllRevoked later) {
        return new AllRevoked(
                latest(until, later.until),
                latest(expiresAt, later.expiresAt),
                later.reason,
                latest(sessionsUntil, later.sessionsUntil));
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
