package dev.roster.integration.oauth;

import dev.roster.command.login.LogOutHandler;
import dev.roster.host.Host;
import dev.roster.host.Room;
import dev.roster.integration.access.ServiceKeys;
import dev.roster.token.TokenConfiguration;
import dev.roster.token.TokenModule;

/** Introspection, revocation and metadata. */
public final class OAuthModule implements Room {
    private final TokenConfiguration configuration;
    private final TokenModule tokens;
    private final ServiceKeys keys;
    private final LogOutHandler logOut;

    public OAuthModule(TokenConfiguration configuration, TokenModule tokens, ServiceKeys keys, LogOutHandler logOut) {
        this.configuration = configuration;
        this.tokens = tokens;
        this.keys = keys;
        this.logOut = logOut;
    }

    @Override
    public void plugInto(Host host) {
        host.jersey(new IntrospectionResource(keys, tokens.authenticator(), configuration, host.metrics()));
        host.jersey(new RevocationResource(keys, logOut));
        host.jersey(new ServerMetadataResource(configuration.issuer(), tokens.signingKeys()));
    }
}
