package dev.roster.clients;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.client.Operators;
import dev.roster.client.operators.api.KeysApi;
import dev.roster.client.operators.model.NewApiKey;
import dev.roster.client.operators.model.Scope;
import dev.roster.clients.SigningRoster.Session;
import dev.roster.verifier.InvalidTokenException;
import dev.roster.verifier.Settings;
import dev.roster.verifier.StalePolicy;
import dev.roster.verifier.UnavailableException;
import dev.roster.verifier.VerifiedToken;
import dev.roster.verifier.Verifier;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The verifier for Java, on nodes that sign with public keys. */
@Timeout(300)
class JavaVerifierIT {
    private static final Duration PROMISE = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    /** The answer to a token. */
    private enum Verdict {
        ACCEPTED,
        INVALID,
        UNAVAILABLE
    }

    @ParameterizedTest
    @ValueSource(strings = {"ES256", "RS256", "EdDSA"})
    void tokenIsAcceptedUntilASecondAfterTheLogout(String algorithm) throws Exception {
        SigningRoster roster = SigningRoster.of(algorithm);
        try (Verifier verifier = fresh(settings(roster, roster.key()))) {
            Session session = roster.logIn();
            Session other = roster.logIn();

            VerifiedToken token = verifier.verify("Bearer " + session.accessToken());
            assertThat(token.sessionId()).isNotNull();
            assertThat(token.authenticatedAt()).isNotNull();
            assertThat(token.role()).isNull();
            assertThat(verify(verifier, other)).isEqualTo(Verdict.ACCEPTED);

            roster.logOut(session);

            expectRefusalAsPromised(verifier, session);
            until(verifier, session, Verdict.INVALID);
            until(verifier, other, Verdict.ACCEPTED);
        }
    }

    @Test
    void tokensOfTheOldAndTheNewKeyAreAcceptedDuringARotation() throws Exception {
        SigningRoster roster = SigningRoster.of("ES256");
        try (Verifier verifier = fresh(settings(roster, roster.key()))) {
            Session first = roster.logIn();
            String next = roster.rotate();
            Session last = first;
            while (!keyId(last).equals(next)) {
                last = roster.refresh(last);
                until(verifier, last, Verdict.ACCEPTED);
            }

            assertThat(keyId(first)).isNotEqualTo(next);
            until(verifier, first, Verdict.ACCEPTED);
        }
    }

    @Test
    void restartedRosterIsFoundAgain() throws Exception {
        SigningRoster roster = SigningRoster.of("ES256");
        try (Verifier verifier = fresh(settings(roster, roster.key()))) {
            Session session = roster.logIn();
            Session ended = roster.logIn();
            roster.logOut(ended);
            until(verifier, ended, Verdict.INVALID);
            until(verifier, session, Verdict.ACCEPTED);

            CompletableFuture<Integer> restart = restart();
            until(verifier, session, Verdict.UNAVAILABLE);
            assertThat(verify(verifier, ended)).isEqualTo(Verdict.INVALID);

            assertThat(restart.get(LONG.toSeconds(), TimeUnit.SECONDS)).isEqualTo(204);
            Session later = roster.refresh(session);
            until(verifier, later, Verdict.ACCEPTED);
            assertThat(verify(verifier, ended)).isEqualTo(Verdict.INVALID);
            roster.logOut(later);
            expectRefusalAsPromised(verifier, later);
        }
    }

    /** The node is that of another algorithm: its other tokens are revoked. */
    @Test
    void leakedKeyIsTrustedNoMore() throws Exception {
        SigningRoster roster = SigningRoster.of("EdDSA");
        try (Verifier verifier = fresh(settings(roster, roster.key()))) {
            Session before = roster.logIn();
            until(verifier, before, Verdict.ACCEPTED);

            HttpRequest.Builder rotation = HttpRequest.newBuilder(
                            roster.adminAddress().resolve("/admin/v1/keys/rotation"))
                    .header("Authorization", "Bearer " + roster.key())
                    .header("Roster-Reason", "The key has leaked")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"now\": true}"));
            assertThat(send(rotation).join()).isEqualTo(201);

            expectRefusalAsPromised(verifier, before);
            until(verifier, before, Verdict.INVALID);
            Poll.until("a new token is accepted", LONG, () -> verify(verifier, roster.logIn()) == Verdict.ACCEPTED);
        }
    }

    @Test
    void rosterIsAskedWhileTheStreamIsStale() throws Exception {
        SigningRoster roster = SigningRoster.of("ES256");
        String key = new KeysApi(Operators.at(roster.adminAddress() + "/admin/v1", roster.key())
                        .build()
                        .apiClient())
                .createKey("To ask", new NewApiKey().name("asks").scopes(List.of(Scope.INTROSPECT)), null)
                .getKey();
        Settings settings = settings(roster, key).withPolicy(StalePolicy.INTROSPECT);
        try (Verifier verifier = Verifier.start(settings)) {
            Session session = roster.logIn();
            until(verifier, session, Verdict.ACCEPTED);
            assertThat(verifier.isFresh()).isFalse();

            roster.logOut(session);

            until(verifier, session, Verdict.INVALID);
        }
    }

    private static Settings settings(SigningRoster roster, String key) {
        return Settings.of(roster.address().toString(), roster.issuer(), SigningRoster.AUDIENCE, key);
    }

    private static Verifier fresh(Settings settings) throws InterruptedException {
        Verifier verifier = Verifier.start(settings);
        assertThat(verifier.awaitFresh(LONG)).isTrue();
        return verifier;
    }

    private static Verdict verify(Verifier verifier, Session session) {
        try {
            assertThat(verifier.verify("Bearer " + session.accessToken()).subject())
                    .isNotEmpty();
            return Verdict.ACCEPTED;
        } catch (InvalidTokenException e) {
            return Verdict.INVALID;
        } catch (UnavailableException e) {
            return Verdict.UNAVAILABLE;
        }
    }

    private static void until(Verifier verifier, Session session, Verdict verdict)
            throws IOException, InterruptedException {
        Poll.until(verdict.name(), LONG, () -> verify(verifier, session) == verdict);
    }

    /** A slow machine does not break the promise: a verifier that hears nothing in time accepts nothing. */
    private static void expectRefusalAsPromised(Verifier verifier, Session session) {
        long revoked = System.nanoTime();
        long asked;
        do {
            asked = System.nanoTime();
        } while (verify(verifier, session) == Verdict.ACCEPTED && asked - revoked <= PROMISE.toNanos());
        assertThat(asked - revoked).isLessThanOrEqualTo(PROMISE.toNanos());
    }

    private static CompletableFuture<Integer> restart() {
        String address = requireNonNull(System.getenv("ROSTER_RESTART_URL_ES256"));
        return send(HttpRequest.newBuilder(URI.create(address)).POST(BodyPublishers.noBody()));
    }

    /** Sends a request, and returns the status of its answer. */
    private static CompletableFuture<Integer> send(HttpRequest.Builder request) {
        return CLIENT.sendAsync(request.timeout(LONG).build(), BodyHandlers.discarding())
                .thenApply(HttpResponse::statusCode);
    }

    private static String keyId(Session session) {
        String header = session.accessToken().substring(0, session.accessToken().indexOf('.'));
        String json = new String(Base64.getUrlDecoder().decode(header), StandardCharsets.UTF_8);
        return json.replaceAll(".*\"kid\":\"([^\"]*)\".*", "$1");
    }
}
