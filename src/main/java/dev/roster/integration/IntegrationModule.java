package dev.roster.integration;

import dev.roster.apikey.ApiKeyModule;
import dev.roster.command.login.LoginModule;
import dev.roster.host.Host;
import dev.roster.host.Room;
import dev.roster.integration.access.ServiceKeys;
import dev.roster.integration.oauth.OAuthModule;
import dev.roster.integration.stream.StreamModule;
import dev.roster.revocation.RevocationModule;
import dev.roster.token.TokenConfiguration;
import dev.roster.token.TokenModule;

/** The routes for other services. */
public final class IntegrationModule implements Room {
    private final OAuthModule oauth;
    private final StreamModule stream;

    public IntegrationModule(
            Host host,
            TokenConfiguration configuration,
            TokenModule tokens,
            LoginModule login,
            ApiKeyModule apiKeys,
            RevocationModule revocation) {
        ServiceKeys keys = new ServiceKeys(apiKeys);
        this.oauth = new OAuthModule(configuration, tokens, keys, login.logOut());
        this.stream = new StreamModule(host, keys, apiKeys, revocation);
    }

    @Override
    public void plugInto(Host host) {
        host.add(oauth);
        host.add(stream);
    }
}
