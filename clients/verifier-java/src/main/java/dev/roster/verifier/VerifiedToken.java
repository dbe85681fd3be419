package dev.roster.verifier;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The content of a token that {@link Verifier#verify} accepted.
 *
 * @param id {@code jti}
 * @param subject {@code sub}, the user's id
 * @param sessionId {@code sid}; null if the token belongs to no session
 * @param issuedAt {@code iat}
 * @param expiresAt {@code exp}
 * @param authenticatedAt {@code auth_time}, the login; null if the token does not say
 * @param role {@code role}; null unless Roster lets operators alone give roles
 */
public record VerifiedToken(
        String id,
        String subject,
        @Nullable String sessionId,
        Instant issuedAt,
        Instant expiresAt,
        @Nullable Instant authenticatedAt,
        @Nullable String role) {}
