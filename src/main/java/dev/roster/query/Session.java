package dev.roster.query;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A session as its owner sees it.
 *
 * @param id the {@code sid} claim of its access tokens
 * @param lastUsedAt when it was last opened or refreshed, to the minute
 * @param expiresAt when it ends if it is not refreshed
 * @param userAgent the client's last {@code User-Agent}; null if it sent none
 * @param ip the client's last address; null if it is unknown
 * @param current whether the request that reads this belongs to the session
 */
public record Session(
        UUID id,
        Instant createdAt,
        Instant lastUsedAt,
        Instant expiresAt,
        @Nullable String userAgent,
        @Nullable String ip,
        boolean current) {}
