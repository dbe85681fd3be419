package dev.roster.command.session;

import java.time.Instant;
import java.util.UUID;

/**
 * An open session.
 *
 * @param expiresAt when it ends, unless it is refreshed
 * @param expiresIn seconds until then
 */
public record OpenSession(UUID userId, Instant expiresAt, long expiresIn) {}
