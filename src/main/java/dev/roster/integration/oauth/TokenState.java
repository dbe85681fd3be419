package dev.roster.integration.oauth;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.roster.token.AccessToken;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The answer to an introspection (RFC 7662, section 2.2). If the token is not active, it has no other member: why is
 * not told. Times are in seconds since 1970.
 *
 * @param sid null if the token belongs to no session
 * @param authTime null in tokens of earlier versions
 * @param role null if users may give themselves their role
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record TokenState(
        boolean active,
        @Nullable String sub,
        @Nullable String sid,
        @Nullable String jti,
        @Nullable String iss,
        @Nullable String aud,
        @Nullable Long iat,
        @Nullable Long exp,
        @Nullable Long authTime,
        @Nullable String tokenType,
        @Nullable String role) {
    static final TokenState INACTIVE =
            new TokenState(false, null, null, null, null, null, null, null, null, null, null);

    /** The state of a token that is accepted now. */
    static TokenState active(AccessToken token, String issuer, String audience) {
        return new TokenState(
                true,
                token.userId().toString(),
                token.sessionId() == null ? null : token.sessionId().toString(),
                token.id().toString(),
                issuer,
                audience,
                token.issuedAt().getEpochSecond(),
                token.expiresAt().getEpochSecond(),
                seconds(token.authTime()),
                "Bearer",
                token.role());
    }

    @Override
    public String toString() {
        return "TokenState[active=" + active + ", jti=" + jti + "]";
    }

    private static @Nullable Long seconds(@Nullable Instant time) {
        return time == null ? null : time.getEpochSecond();
    }
}
