package dev.roster.clients;

import dev.roster.clients.SigningRoster.Session;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The service of {@code docs/integrate.md} with Spring Security's resource server. */
class SpringSecurityIT {
    private static final String HEADING = "Spring Security";
    private static final String SERVICE = "com.example.orders.Orders";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"ES256", "RS256"})
    void serviceAcceptsTokensThroughARotation(String algorithm) throws Exception {
        SigningRoster roster = SigningRoster.of(algorithm);
        try (ConfigurableApplicationContext service = start(roster)) {
            GuardedClient client = client(service);
            Session first = roster.logIn();
            client.expectAccepted(first.accessToken());

            String next = roster.rotate();
            Session last = first;
            while (!SigningRoster.keyId(last.accessToken()).equals(next)) {
                last = roster.refresh(last);
                client.expectAccepted(last.accessToken());
            }

            client.expectAccepted(first.accessToken());
            roster.logOut(last);
            client.expectAccepted(last.accessToken()); // as the page warns
        }
    }

    @Test
    void serviceRefusesWhatIsNoLiveTokenOfRoster() throws Exception {
        SigningRoster roster = SigningRoster.of("RS256");
        try (ConfigurableApplicationContext service = start(roster)) {
            GuardedClient client = client(service);
            String token = roster.logIn().accessToken();

            client.expectAccepted(token);
            client.expectRefused("", "");
            client.expectRefused(SigningRoster.of("ES256").logIn().accessToken(), "Another algorithm expected");
            client.expectRefused(SigningRoster.forged(token), "Invalid signature");
            GuardedClient.await(
                    "the old token expires",
                    () -> client.send(roster.oldToken()).statusCode() == 401);
            client.expectRefused(roster.oldToken(), "Jwt expired at");
        }
    }

    @Test
    void serviceOfAnotherAudienceRefusesTokens() throws Exception {
        SigningRoster roster = SigningRoster.of("ES256");
        try (ConfigurableApplicationContext service =
                start(roster, "--spring.security.oauth2.resourceserver.jwt.audiences=other")) {
            client(service).expectRefused(roster.logIn().accessToken(), "The aud claim is not valid");
        }
    }

    @Test
    void serviceWithTheVerifierRefusesRevokedTokens() throws Exception {
        SigningRoster roster = SigningRoster.of("ES256");
        IntegrateDocument.compile(directory, "Revocations", IntegrateDocument.block(HEADING, "java", 1, roster));
        try (ConfigurableApplicationContext service = start(roster, "--roster.key=" + roster.key())) {
            GuardedClient client = client(service);
            Session session = roster.logIn();
            client.awaitGuard(session.accessToken());
            client.expectAccepted(session.accessToken());

            roster.logOut(session);

            GuardedClient.await(
                    "the logout arrives",
                    () -> client.send(session.accessToken()).statusCode() != 200);
            client.expectRefused(session.accessToken(), "revoked");
        }
    }

    private ConfigurableApplicationContext start(SigningRoster roster, String... more)
            throws IOException, ReflectiveOperationException {
        Files.writeString(directory.resolve("application.yml"), IntegrateDocument.block(HEADING, "yaml", 0, roster));
        IntegrateDocument.compile(directory, "Orders", IntegrateDocument.block(HEADING, "java", 0, roster));
        List<String> arguments = new ArrayList<>(List.of(
                "--server.address=127.0.0.1",
                "--server.port=0",
                "--spring.main.banner-mode=off",
                "--logging.level.root=warn"));
        arguments.addAll(List.of(more));
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        URLClassLoader loader =
                new URLClassLoader(new URL[] {directory.toUri().toURL()}, SpringSecurityIT.class.getClassLoader());
        thread.setContextClassLoader(loader);
        try {
            return SpringApplication.run(loader.loadClass(SERVICE), arguments.toArray(String[]::new));
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static GuardedClient client(ConfigurableApplicationContext service) {
        return new GuardedClient(
                URI.create("http://127.0.0.1:" + service.getEnvironment().getProperty("local.server.port")));
    }
}
