package dev.roster.support.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** The address of a PostgreSQL server. */
record PostgresServer(String host, int port, String user, String password) {

    String url(String database) {
        return "jdbc:postgresql://" + host + ":" + port + "/" + database;
    }

    /** Starts the server that the tests of this JVM share: embedded, or in a container with {@code -Pcontainers}. */
    static PostgresServer start() {
        return Boolean.getBoolean("roster.test.containers") ? startContainer() : startEmbedded();
    }

    private static PostgresServer startEmbedded() {
        try {
            EmbeddedPostgres server = EmbeddedPostgres.builder()
                    .setLocaleConfig("locale", "C.UTF-8")
                    .setServerConfig("max_connections", "400")
                    .setServerConfig("listen_addresses", "127.0.0.1,::1") // the JVM may prefer either
                    .setPGStartupWait(Duration.ofMinutes(1))
                    .start(); // stops with the JVM
            return new PostgresServer("127.0.0.1", server.getPort(), "postgres", "unused");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("resource") // stops with the JVM
    private static PostgresServer startContainer() {
        PostgreSQLContainer server =
                new PostgreSQLContainer("postgres:18").withCommand("postgres", "-c", "max_connections=400");
        server.start();
        return new PostgresServer(
                server.getHost(), server.getMappedPort(5432), server.getUsername(), server.getPassword());
    }
}
