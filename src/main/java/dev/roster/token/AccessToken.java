package dev.roster.token;

import dev.roster.refusal.RefusedException;
import dev.roster.refusal.TokenFault;
import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The content of a verified access token.
 *
 * @param id {@code jti}
 * @param userId {@code sub}
 * @param sessionId {@code sid}; null if the token belongs to no session
 * @param issuedAt {@code iat}
 * @param expiresAt {@code exp}
 * @param authTime {@code auth_time}; null in tokens of earlier versions and of other issuers
 * @param role {@code role}; null if users may give themselves their role
 * @param keyId the {@code kid} of the key that signed it; {@code HS256} for that of {@code JWT_SECRET_KEY}
 */
public record AccessToken(
        UUID id,
        UUID userId,
        @Nullable UUID sessionId,
        Instant issuedAt,
        Instant expiresAt,
        @Nullable Instant authTime,
        @Nullable String role,
        String keyId)
        implements Principal {

    /** The ids of which none may be revoked. */
    public List<UUID> ids() {
        return sessionId == null ? List.of(id, userId) : List.of(id, userId, sessionId);
    }

    /** Refuses this token. */
    public RefusedException refused(TokenFault fault) {
        return RefusedException.accessToken(fault, id);
    }

    @Override
    public String getName() {
        return userId.toString();
    }
}
