package dev.roster.command.session;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An open session, its row locked.
 *
 * @param refreshTokenHash of its live refresh token; null where it never had one
 * @param expiresIn the seconds until it ends, unless it is refreshed
 * @param secondsToNext the seconds until it may be refreshed again; 0 or less where it may
 */
public record LockedSession(
        UUID userId, @Nullable String refreshTokenHash, Instant expiresAt, long expiresIn, double secondsToNext) {

    OpenSession open() {
        return new OpenSession(userId, expiresAt, expiresIn);
    }

    @Override
    public String toString() {
        return "LockedSession[userId=" + userId + "]";
    }
}
