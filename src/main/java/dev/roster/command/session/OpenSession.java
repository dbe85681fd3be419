package dev.roster.command.session;

import java.time.Instant;
import java.util.UUID;

/**
 * A session that is open.
 *
 * @param expiresAt when it ends, unless it is refreshed
 * @param expiresIn the seconds until then
 */
public record OpenSession(UUID userId, Instant expiresAt, long expiresIn) {}
