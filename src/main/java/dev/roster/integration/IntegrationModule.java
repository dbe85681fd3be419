package dev.roster.integration;

import dev.roster.apikey.ApiKeyModule;
import dev.roster.host.Host;
import dev.roster.host.Room;
import dev.roster.integration.access.ServiceKeys;

/** The routes for other services. */
public final class IntegrationModule implements Room {
    private final ServiceKeys keys;

    public IntegrationModule(ApiKeyModule keys) {
        this.keys = new ServiceKeys(keys);
    }

    /** Authenticates each request of this room. */
    public ServiceKeys keys() {
        return keys;
    }

    @Override
    public void plugInto(Host host) {}
}
