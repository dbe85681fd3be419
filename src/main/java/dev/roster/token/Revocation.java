package dev.roster.token;

import java.time.Instant;
import java.util.UUID;

/**
 * One thing that is revoked.
 *
 * @param id a token's {@code jti}, a session's {@code sid} or a user's {@code sub}
 * @param expiresAt the last moment at which a token that this covers could have been used
 */
public record Revocation(UUID id, Instant expiresAt) {}
