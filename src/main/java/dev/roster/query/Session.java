package dev.roster.query;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A login as its owner sees it.
 *
 * @param id the {@code sid} of its access tokens
 * @param lastUsedAt when it was opened or refreshed last, to the minute
 * @param expiresAt when it ends, unless it is refreshed
 * @param userAgent what the client last said that it is; null where it said nothing
 * @param ip from which address it came last; null where the login did not note it
 * @param current whether the request that reads this is of the session itself
 */
public record Session(
        UUID id,
        Instant createdAt,
        Instant lastUsedAt,
        Instant expiresAt,
        @Nullable String userAgent,
        @Nullable String ip,
        boolean current) {}
