package dev.roster.token;

import io.dropwizard.auth.AuthFilter;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;

/**
 * Authenticates requests by {@code Authorization: Bearer} (RFC 6750, section 2.1). Tokens in query strings are not
 * accepted, because access logs would contain them.
 */
@Priority(Priorities.AUTHENTICATION)
public final class BearerAuthFilter extends AuthFilter<String, AccessToken> {

    @Override
    public void filter(ContainerRequestContext request) {
        String token = BearerToken.of(request.getHeaders().get("Authorization"));
        if (!authenticate(request, token, "Bearer")) {
            throw new IllegalStateException("The authenticator must throw if it refuses a token");
        }
    }

    /** Builds the filter. */
    public static final class Builder extends AuthFilterBuilder<String, AccessToken, BearerAuthFilter> {
        @Override
        protected BearerAuthFilter newInstance() {
            return new BearerAuthFilter();
        }
    }
}
