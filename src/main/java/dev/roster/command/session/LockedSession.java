package dev.roster.command.session;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A session's row, locked.
 *
 * @param refreshTokenHash of its live refresh token; null where it never had one
 * @param usable whether it is neither over nor on the blocklist
 * @param expiresIn the seconds until it ends, unless it is refreshed
 */
public record LockedSession(
        UUID userId, @Nullable String refreshTokenHash, Instant expiresAt, long expiresIn, boolean usable) {}
