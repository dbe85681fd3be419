package dev.roster.command.session;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An open session, its row locked.
 *
 * @param refreshTokenHash of its live refresh token; null where it never had one
 * @param expiresIn the seconds until it ends, unless it is refreshed
 */
public record LockedSession(UUID userId, @Nullable String refreshTokenHash, Instant expiresAt, long expiresIn) {

    OpenSession open() {
        return new OpenSession(userId, expiresAt, expiresIn);
    }

    @Override
    public String toString() {
        return "LockedSession[userId=" + userId + "]";
    }
}
