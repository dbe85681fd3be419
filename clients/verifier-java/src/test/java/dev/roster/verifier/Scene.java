package dev.roster.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/** A fake Roster with one key, and a verifier of it. */
final class Scene implements AutoCloseable {
    final TestKey key = TestKey.of("ES256");
    final TestClocks clocks = new TestClocks();
    final FakeRoster roster;
    final Verifier verifier;

    private Scene(StalePolicy policy, String greeting) throws IOException {
        roster = new FakeRoster(key);
        roster.greetWith(greeting);
        verifier = Verifier.start(settings(roster).withPolicy(policy), clocks.clocks());
    }

    static Settings settings(FakeRoster roster) {
        return Settings.of(roster.url(), TestKey.ISSUER, TestKey.AUDIENCE, FakeRoster.KEY);
    }

    /** The stream is open, but has proved nothing. */
    static Scene connected(StalePolicy policy) throws IOException {
        Scene scene = new Scene(policy, Events.snapshot("run-1"));
        scene.stream();
        return scene;
    }

    /** The stream is fresh and without revocations. */
    static Scene fresh() throws Exception {
        return fresh(StalePolicy.REFUSE);
    }

    static Scene fresh(StalePolicy policy) throws Exception {
        Scene scene = connected(policy);
        scene.beat();
        return scene;
    }

    FakeRoster.Stream stream() {
        return roster.stream(1);
    }

    /** Sends a beat of this moment and waits until it counts. */
    void beat() throws InterruptedException {
        stream().beat(now());
        assertThat(verifier.awaitFresh(Duration.ofSeconds(30))).isTrue();
    }

    Instant now() {
        return clocks.now();
    }

    /** A token that is issued now. */
    String token() {
        return key.token(now());
    }

    boolean accepts(String token) {
        return catchThrowable(() -> verifier.verify("Bearer " + token)) == null;
    }

    /** Waits until the token is refused as revoked. */
    void awaitRevoked(String token) {
        Poll.until("revoked", () -> isRevoked(token));
    }

    boolean isRevoked(String token) {
        Throwable thrown = catchThrowable(() -> verifier.verify("Bearer " + token));
        return thrown instanceof InvalidTokenException && "The token is revoked".equals(thrown.getMessage());
    }

    boolean isUnavailable(String token) {
        return catchThrowable(() -> verifier.verify("Bearer " + token)) instanceof UnavailableException;
    }

    @Override
    public void close() {
        verifier.close();
        roster.close();
    }
}
