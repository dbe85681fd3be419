package dev.roster.command.session;

import java.time.Instant;
import java.util.UUID;

/**
 * An open session.
 *
 * @param authTime when its user logged in
 * @param role the user's role
 * @param expiresAt when it ends, unless it is refreshed
 * @param expiresIn seconds until then
 */
public record OpenSession(UUID userId, Instant authTime, String role, Instant expiresAt, long expiresIn) {}
