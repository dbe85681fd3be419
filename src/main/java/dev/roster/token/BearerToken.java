package dev.roster.token;

import dev.roster.refusal.RefusedException;
import jakarta.ws.rs.BadRequestException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads bearer tokens (RFC 6750, section 2.1). */
public final class BearerToken {
    private static final String SCHEME = "Bearer ";

    private BearerToken() {}

    /**
     * Returns the token in the request's {@code Authorization} header.
     *
     * @throws RefusedException {@code UNAUTHENTICATED} if there is no bearer token
     * @throws BadRequestException if there is more than one {@code Authorization} header (RFC 6750, section 3.1)
     */
    public static String of(@Nullable List<String> authorizationHeaders) {
        if (authorizationHeaders != null && authorizationHeaders.size() > 1) {
            throw new BadRequestException("There is more than one Authorization header");
        }
        String header =
                authorizationHeaders == null || authorizationHeaders.isEmpty() ? "" : authorizationHeaders.get(0);
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw RefusedException.missingToken();
        }
        return header.substring(SCHEME.length()).strip();
    }
}
