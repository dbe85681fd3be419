package dev.roster.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What happens while the stream is stale. */
class StalePolicyTest {
    @Test
    void refuseRefusesUntilTheFirstBeat() throws Exception {
        try (Scene scene = Scene.connected(StalePolicy.REFUSE)) {
            assertThat(scene.isUnavailable(scene.token())).isTrue();
            assertThat(scene.verifier.isFresh()).isFalse();
            assertThat(scene.verifier.awaitFresh(Duration.ZERO)).isFalse();

            scene.beat();

            assertThat(scene.accepts(scene.token())).isTrue();
        }
    }

    @Test
    void badTokensAreInvalidUnderEachPolicy() throws Exception {
        for (StalePolicy policy : StalePolicy.values()) {
            try (Scene scene = Scene.connected(policy)) {
                String token = scene.token();
                scene.stream()
                        .send(Events.revoked(
                                "run-2", TestKey.SUBJECT, scene.now().plusSeconds(900)));

                scene.awaitRevoked(token);

                String expired = scene.key.token(scene.now().minusSeconds(1000));
                assertThat(scene.accepts(expired)).isFalse();
                assertThat(scene.isUnavailable(expired)).isFalse();
            }
        }
    }

    @Test
    void acceptUntilExpiryAccepts() throws Exception {
        try (Scene scene = Scene.connected(StalePolicy.ACCEPT_UNTIL_EXPIRY)) {
            assertThat(scene.accepts(scene.token())).isTrue();
            assertThat(scene.roster.introspected()).isEmpty();
        }
    }

    @Test
    void introspectAsksRosterWhileStaleOnly() throws Exception {
        try (Scene scene = Scene.connected(StalePolicy.INTROSPECT)) {
            String token = scene.token();
            assertThat(scene.accepts(token)).isTrue();
            assertThat(scene.roster.introspected())
                    .containsExactly(
                            "Bearer " + FakeRoster.KEY + " token=" + URLEncoder.encode(token, StandardCharsets.UTF_8));

            scene.roster.answerIntrospectionWith(200, "{\"active\":false}");
            assertThat(scene.isRevoked(token)).isTrue();

            scene.beat();
            assertThat(scene.accepts(token)).isTrue();
            assertThat(scene.roster.introspected()).hasSize(2);
        }
    }

    @Test
    void introspectIsUnavailableWithoutAnAnswer() throws Exception {
        try (Scene scene = Scene.connected(StalePolicy.INTROSPECT)) {
            String token = scene.token();
            assertThat(scene.accepts(token)).isTrue();
            for (int status : new int[] {401, 403, 429, 500, 503, 302}) {
                scene.roster.answerIntrospectionWith(status, "{\"active\":true}");
                assertThat(scene.isUnavailable(token)).as("%s", status).isTrue();
            }
            for (String body : new String[] {"", "active", "[]", "{\"active\":true}" + " ".repeat(300 * 1024)}) {
                scene.roster.answerIntrospectionWith(200, body);
                assertThat(scene.isUnavailable(token)).as(body.strip()).isTrue();
            }
            scene.roster.answerIntrospectionWith(200, "{\"active\":\"true\"}");
            assertThat(scene.isRevoked(token)).isTrue();

            scene.roster.hang();
            assertThat(scene.isUnavailable(token)).isTrue();
        }
    }

    @Test
    void rosterThatIsAwayAtTheStartIsFoundLater() throws Exception {
        TestKey key = TestKey.of("ES256");
        TestClocks clocks = new TestClocks();
        try (FakeRoster roster = new FakeRoster(key)) {
            roster.answerKeysWith(503, "");
            roster.answerStreamWith(502);
            try (Verifier verifier = Verifier.start(Scene.settings(roster), clocks.clocks())) {
                roster.stream(2);
                String token = key.token(clocks.now());
                Poll.until("unavailable", () -> isUnavailable(verifier, token));
                roster.answerKeysWith(200, "");
                roster.answerStreamWith(200);
                clocks.advance(Duration.ofSeconds(1));
                int refused = roster.streams().size();

                roster.stream(refused + 1).beat(clocks.now());

                assertThat(verifier.awaitFresh(Duration.ofSeconds(30))).isTrue();
                assertThat(verifier.verify(token).subject()).isEqualTo(TestKey.SUBJECT);
            }
        }
    }

    private static boolean isUnavailable(Verifier verifier, String token) {
        try {
            verifier.verify(token);
            return false;
        } catch (UnavailableException e) {
            return true;
        }
    }
}
