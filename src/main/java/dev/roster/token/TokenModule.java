package dev.roster.token;

import dev.roster.host.Host;
import dev.roster.host.Room;
import dev.roster.revocation.Revocations;
import dev.roster.user.Roles;
import io.dropwizard.auth.AuthDynamicFeature;
import io.dropwizard.auth.AuthValueFactoryProvider;

/** Access and refresh tokens, and the authentication of requests on the API port. */
public final class TokenModule implements Room {
    private final AccessTokens accessTokens;
    private final RefreshTokens refreshTokens;
    private final TokenAuthenticator authenticator;

    public TokenModule(Host host, TokenConfiguration configuration, Roles roles, Revocations revocations) {
        this.accessTokens = new AccessTokens(configuration, roles, host.clock());
        this.refreshTokens = new RefreshTokens(configuration.secretKey(), host.random());
        this.authenticator = new TokenAuthenticator(accessTokens, revocations, host.metrics());
    }

    public AccessTokens accessTokens() {
        return accessTokens;
    }

    public RefreshTokens refreshTokens() {
        return refreshTokens;
    }

    /** For requests that need no access token, but may have one. */
    public TokenAuthenticator authenticator() {
        return authenticator;
    }

    @Override
    public void plugInto(Host host) {
        BearerAuthFilter filter = new BearerAuthFilter.Builder()
                .setAuthenticator(authenticator)
                .setPrefix("Bearer")
                .setRealm("roster")
                .buildAuthFilter();
        host.jersey(new AuthDynamicFeature(filter));
        host.jersey(new AuthValueFactoryProvider.Binder<>(AccessToken.class));
    }
}
