package dev.roster.token;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The claims that an access token takes from its session.
 *
 * @param userId {@code sub}
 * @param sessionId {@code sid}
 * @param authTime when the user logged in: {@code auth_time}
 * @param role the user's role; null to leave it out. {@link AccessTokens} also leaves out the roles that users may give
 *     themselves
 * @param end when the session ends
 */
public record SessionClaims(
        UUID userId,
        UUID sessionId,
        Instant authTime,
        @Nullable String role,
        Instant end) {}
