package dev.roster.token;

import dev.roster.http.Credentials;
import dev.roster.refusal.RefusedException;
import jakarta.ws.rs.BadRequestException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads bearer tokens (RFC 6750, section 2.1). */
public final class BearerToken {
    private BearerToken() {}

    /**
     * Returns the token in the request's {@code Authorization} header.
     *
     * @throws RefusedException {@code UNAUTHENTICATED} if there is no bearer token
     * @throws BadRequestException if there is more than one {@code Authorization} header (RFC 6750, section 3.1)
     */
    public static String of(@Nullable List<String> authorizationHeaders) {
        String token = Credentials.of(authorizationHeaders, "Bearer");
        if (token == null) {
            throw RefusedException.missingToken();
        }
        return token;
    }
}
