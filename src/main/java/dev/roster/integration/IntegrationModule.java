package dev.roster.integration;

import dev.roster.apikey.ApiKeyModule;
import dev.roster.command.login.LoginModule;
import dev.roster.host.Host;
import dev.roster.host.Room;
import dev.roster.integration.access.ServiceKeys;
import dev.roster.integration.oauth.OAuthModule;
import dev.roster.token.TokenConfiguration;
import dev.roster.token.TokenModule;

/** The routes for other services. */
public final class IntegrationModule implements Room {
    private final OAuthModule oauth;

    public IntegrationModule(
            TokenConfiguration configuration, TokenModule tokens, LoginModule login, ApiKeyModule apiKeys) {
        ServiceKeys keys = new ServiceKeys(apiKeys);
        this.oauth = new OAuthModule(configuration, tokens, keys, login.logOut());
    }

    @Override
    public void plugInto(Host host) {
        host.add(oauth);
    }
}
