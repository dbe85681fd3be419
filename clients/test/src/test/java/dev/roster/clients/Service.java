package dev.roster.clients;

import java.net.URI;

/** The service under test. */
final class Service {
    /** Its address, from the environment variable {@code ROSTER_URL}. */
    static final URI ADDRESS = URI.create(System.getenv().getOrDefault("ROSTER_URL", "http://localhost:8000"));

    /** The address of its admin port. */
    static final URI ADMIN_ADDRESS =
            URI.create(System.getenv().getOrDefault("ROSTER_ADMIN_URL", "http://localhost:8081"));

    /** An API key with all scopes; empty if there is none. */
    static final String KEY = System.getenv().getOrDefault("ROSTER_KEY", "");

    private Service() {}
}
