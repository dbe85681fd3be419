package dev.roster.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jose4j.json.JsonUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When the public keys are fetched. */
class PublicKeysTest {
    private Scene scene;

    @BeforeEach
    void start() throws Exception {
        scene = Scene.fresh();
        assertThat(scene.accepts(scene.token())).isTrue();
        assertThat(scene.roster.fetches()).isOne();
    }

    @AfterEach
    void stop() {
        scene.close();
    }

    @Test
    void newKeyIsFetchedWhenATokenNamesIt() throws Exception {
        TestKey next = TestKey.of("ES256");
        scene.roster.publish(next, scene.key);
        String earlier = scene.token();
        later(Duration.ofSeconds(5));

        assertThat(scene.accepts(next.token(scene.now()))).isTrue();
        assertThat(scene.accepts(earlier)).isTrue();
        assertThat(scene.roster.fetches()).isEqualTo(2);
    }

    @Test
    void newKeyOfAnotherAlgorithmIsAccepted() throws Exception {
        TestKey next = TestKey.of("EdDSA");
        scene.roster.publish(next, scene.key);
        later(Duration.ofSeconds(5));

        assertThat(scene.accepts(next.token(scene.now()))).isTrue();
        assertThat(scene.accepts(scene.token())).isTrue();
    }

    @Test
    void floodOfUnknownKeysCausesFewFetches() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            for (int round = 0; round < 3; round++) {
                later(Duration.ofSeconds(5));
                List<Future<Boolean>> answers = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    String forged = scene.key.tokenWithHeader(scene.now(), jws -> jws.setKeyIdHeaderValue("x" + jws));
                    answers.add(threads.submit(() -> scene.accepts(forged)));
                }
                for (Future<Boolean> answer : answers) {
                    assertThat(answer.get()).isFalse();
                }
                assertThat(scene.accepts(scene.token())).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(scene.roster.fetches()).isEqualTo(1 + 3);
    }

    @Test
    void keysAreFetchedAgainWhenTheyAreOld() throws Exception {
        TestKey next = TestKey.of("ES256");
        scene.roster.publish(next);
        String signedWithOldKey = scene.token();
        later(Duration.ofSeconds(299));
        assertThat(scene.accepts(signedWithOldKey)).isTrue();
        assertThat(scene.roster.fetches()).isOne();

        later(Duration.ofSeconds(1));

        Poll.until("the old key is gone", () -> !scene.accepts(signedWithOldKey));
        assertThat(scene.accepts(next.token(scene.now()))).isTrue();
        assertThat(scene.roster.fetches()).isEqualTo(2);
    }

    @Test
    void keysStayWhenTheyCannotBeFetchedAgain() throws Exception {
        String token = scene.token();
        for (String body : List.of("", "<h1>Bad Gateway</h1>", "{\"keys\":7}", "[]", " ".repeat(300 * 1024))) {
            int before = scene.roster.fetches();
            scene.roster.answerKeysWith(body.isEmpty() ? 503 : 200, body);
            later(Duration.ofMinutes(5));
            Poll.until("fetched", () -> scene.roster.fetches() > before);
            String now = scene.token();
            assertThat(scene.accepts(now)).as(body.strip()).isTrue();
        }
        assertThat(token).isNotEmpty();
    }

    @Test
    void keysAreDroppedWhenRosterHasNone() throws Exception {
        for (FakeRoster.Answer none :
                List.of(new FakeRoster.Answer(404, ""), new FakeRoster.Answer(200, "{\"keys\":[]}"))) {
            scene.roster.answerKeysWith(none.status(), none.body());
            later(Duration.ofMinutes(5));
            String token = scene.token();
            Poll.until("the keys are dropped", () -> scene.isUnavailable(token));

            scene.roster.answerKeysWith(200, "");
            later(Duration.ofSeconds(1));

            Poll.until("the keys are known again", () -> scene.accepts(token));
        }
    }

    @Test
    void redirectIsNotFollowed() throws Exception {
        scene.roster.answerKeysWith(302, "");
        later(Duration.ofMinutes(5));
        Poll.until("fetched", () -> scene.roster.fetches() == 2);

        assertThat(scene.isUnavailable(TestKey.of("ES256").token(scene.now()))).isTrue();
        assertThat(scene.accepts(scene.token())).isTrue();
    }

    @Test
    void unknownKeyIsUnavailableWhileRosterDoesNotAnswer() throws Exception {
        TestKey next = TestKey.of("ES256");
        scene.roster.hang();
        later(Duration.ofSeconds(5));

        assertThatThrownBy(() -> scene.verifier.verify(next.token(scene.now())))
                .isInstanceOf(UnavailableException.class)
                .hasMessage("Roster's public keys could not be fetched");
        assertThat(scene.accepts(scene.token())).isTrue();
    }

    @Test
    void keysThatCannotVerifyAreIgnored() throws Exception {
        TestKey encrypting = TestKey.of("ES256");
        Map<String, Object> forEncryption = encrypting.published();
        forEncryption.put("use", "enc");
        Map<String, Object> symmetric = Map.of("kty", "oct", "k", "c2VjcmV0", "kid", "HS256", "alg", "HS256");
        TestKey noAlgorithm = TestKey.of("ES256");
        Map<String, Object> withoutAlgorithm = noAlgorithm.published();
        withoutAlgorithm.remove("alg");
        scene.roster.answerKeysWith(
                200,
                JsonUtil.toJson(Map.of(
                        "keys",
                        List.of(
                                Map.of("kty", "new"),
                                symmetric,
                                forEncryption,
                                withoutAlgorithm,
                                scene.key.published()))));
        later(Duration.ofSeconds(5));

        assertThat(scene.accepts(encrypting.token(scene.now()))).isFalse();
        assertThat(scene.accepts(noAlgorithm.token(scene.now()))).isFalse();
        assertThat(scene.accepts(scene.token())).isTrue();
    }

    @Test
    void revocationOfAllTokensDropsTheKeysThatAreGone() throws Exception {
        TestKey next = TestKey.of("ES256");
        scene.roster.publish(next);
        scene.clocks.advance(Duration.ofMillis(100));
        scene.stream().send(Events.revokedUntil("run-2", scene.now().minusSeconds(1)));
        String forged = scene.token();

        Poll.until("the old key is gone", () -> !scene.accepts(forged));

        assertThat(scene.accepts(next.token(scene.now()))).isTrue();
        assertThat(scene.roster.fetches()).isEqualTo(2);
        later(Duration.ofSeconds(2));
        Poll.until("another node may have answered the first time", () -> scene.roster.fetches() == 3);
    }

    @Test
    void eachRevocationOfAllTokensFetchesTheKeysAgain() throws Exception {
        Instant until = scene.now().minusSeconds(1);
        scene.stream().send(Events.revokedUntil("run-2", until));
        Poll.until("fetched", () -> scene.roster.fetches() == 2 && scene.accepts(scene.token()));
        TestKey next = TestKey.of("ES256");
        scene.roster.publish(next);
        String forged = scene.token();

        scene.stream().send(Events.revokedUntil("run-3", until)); // in the same second

        Poll.until("the old key is gone", () -> !scene.accepts(forged));
        Poll.until("the new key is known", () -> scene.accepts(next.token(scene.now())));
        assertThat(scene.roster.fetches()).isEqualTo(3);
    }

    @Test
    void snapshotThatRevokesNothingNewFetchesNoKeys() throws Exception {
        Instant until = scene.now().minusSeconds(1);
        scene.stream().send(Events.revokedUntil("run-2", until));
        Poll.until("fetched", () -> scene.roster.fetches() == 2 && scene.accepts(scene.token()));
        scene.roster.greetWith("event: snapshot\nid: run2-1\ndata: {\"revoked\":[],\"revoked_until\":"
                + until.getEpochSecond() + "}\n\n");
        scene.stream().cut();
        FakeRoster.Stream second = scene.roster.stream(2);
        Poll.until("stale", () -> !scene.verifier.isFresh());
        second.beat(scene.now());

        Poll.until("fresh", () -> scene.accepts(scene.token()));
        assertThat(scene.roster.fetches()).isEqualTo(2);
    }

    @Test
    void keysThatMayBeStolenAreNotTrustedUntilRosterAnswers() throws Exception {
        scene.roster.answerKeysWith(503, "");
        scene.stream().send(Events.revokedUntil("run-2", scene.now().minusSeconds(1)));
        String token = scene.token();
        Poll.until("unavailable", () -> scene.isUnavailable(token));

        scene.roster.answerKeysWith(200, "");
        later(Duration.ofSeconds(1));

        Poll.until("the keys are known again", () -> scene.accepts(token));
    }

    /** Moves the clocks in steps that keep the connection, and leaves the stream fresh. */
    private void later(Duration time) throws InterruptedException {
        long steps = Math.max(1, time.toSeconds());
        for (long i = 0; i < steps; i++) {
            scene.clocks.advance(time.dividedBy(steps));
            scene.beat();
        }
    }
}
