package dev.roster.token;

import dev.roster.database.DatabaseModule;
import dev.roster.feed.ChangeFeed;
import dev.roster.host.Host;
import dev.roster.host.Room;
import dev.roster.revocation.RevocationModule;
import dev.roster.token.signing.KeyRotation;
import dev.roster.token.signing.SigningKeys;
import dev.roster.token.signing.SigningModule;
import dev.roster.user.Roles;
import io.dropwizard.auth.AuthDynamicFeature;
import io.dropwizard.auth.AuthValueFactoryProvider;

/** Access and refresh tokens, and the authentication of requests on the API port. */
public final class TokenModule implements Room {
    private final SigningModule signing;
    private final AccessTokens accessTokens;
    private final RefreshTokens refreshTokens;
    private final TokenAuthenticator authenticator;

    public TokenModule(
            Host host,
            TokenConfiguration configuration,
            Roles roles,
            DatabaseModule database,
            ChangeFeed feed,
            RevocationModule revocation) {
        this.signing = new SigningModule(host, configuration.keys(), database, feed);
        this.accessTokens = new AccessTokens(configuration, roles, signing.keys(), host.clock());
        this.refreshTokens = new RefreshTokens(configuration.secretKey(), host.random());
        this.authenticator = new TokenAuthenticator(accessTokens, revocation.revocations(), host.metrics());
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

    public SigningKeys signingKeys() {
        return signing.keys();
    }

    public KeyRotation rotation() {
        return signing.rotation();
    }

    @Override
    public void plugInto(Host host) {
        signing.plugInto(host);
        BearerAuthFilter filter = new BearerAuthFilter.Builder()
                .setAuthenticator(authenticator)
                .setPrefix("Bearer")
                .setRealm("roster")
                .buildAuthFilter();
        host.jersey(new AuthDynamicFeature(filter));
        host.jersey(new AuthValueFactoryProvider.Binder<>(AccessToken.class));
    }
}
