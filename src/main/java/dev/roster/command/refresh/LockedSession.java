package dev.roster.command.refresh;

import dev.roster.command.session.OpenSession;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An open session whose row is locked.
 *
 * @param authTime when its user logged in
 * @param role the user's role
 * @param refreshTokenHash the hash of its live refresh token; null if it never had one
 * @param expiresIn seconds until it ends, unless it is refreshed
 * @param secondsToNext seconds until it may be refreshed again; 0 or less if it may now
 */
public record LockedSession(
        UUID userId,
        Instant authTime,
        String role,
        @Nullable String refreshTokenHash,
        Instant expiresAt,
        long expiresIn,
        double secondsToNext) {

    OpenSession open() {
        return new OpenSession(userId, authTime, role, expiresAt, expiresIn);
    }

    @Override
    public String toString() {
        return "LockedSession[userId=" + userId + "]";
    }
}
