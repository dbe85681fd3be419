package dev.roster.token;

import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a verified access token says: who calls, and until when.
 *
 * @param id {@code jti}
 * @param userId {@code sub}
 * @param sessionId {@code sid}, the login that the token came from
 * @param issuedAt {@code iat}
 * @param expiresAt {@code exp}
 */
public record AccessToken(UUID id, UUID userId, @Nullable UUID sessionId, Instant issuedAt, Instant expiresAt)
        implements Principal {

    /** Whichever of these is revoked, the token is. */
    public List<UUID> ids() {
        return sessionId == null ? List.of(id, userId) : List.of(id, userId, sessionId);
    }

    @Override
    public String getName() {
        return userId.toString();
    }
}
