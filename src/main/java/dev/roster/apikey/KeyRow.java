package dev.roster.apikey;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key as operators see it, without its secret.
 *
 * @param createdBy the id of the key that made it; null if it was made at a shell
 * @param expiresAt null if it never expires
 * @param lastUsedAt to the minute; null if it was never used
 */
public record KeyRow(
        String id,
        String name,
        List<Scope> scopes,
        Instant createdAt,
        @Nullable String createdBy,
        @Nullable Instant expiresAt,
        @Nullable Instant lastUsedAt,
        @Nullable Instant revokedAt) {}
