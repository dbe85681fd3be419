package dev.roster.clients;

import java.net.URI;

/** The service under test. */
final class Service {
    /** Its address, from the environment variable {@code ROSTER_URL}. */
    static final URI ADDRESS = URI.create(System.getenv().getOrDefault("ROSTER_URL", "http://localhost:8000"));

    private Service() {}
}
