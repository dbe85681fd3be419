package dev.roster.token.signing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.support.Concurrently;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.TestTokens;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.AdminApi;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import dev.roster.support.process.Shell;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Three nodes of one database rotate at the same moment, in a few rounds; {@code -Droster.rotations=100} makes more, in
 * about two minutes.
 */
class RotationRacesIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int ROUNDS = Integer.getInteger("roster.rotations", 3);

    /** A token that ends within this time is used for the last time. */
    private static final Duration LAST_USE = Duration.ofSeconds(5);

    @RegisterExtension
    static final RosterExtension A = node();

    @RegisterExtension
    static final RosterExtension B = node();

    @RegisterExtension
    static final RosterExtension C = node();

    private final List<Issuer> issuers = new ArrayList<>();
    private final Queue<Issued> unexpired = new ArrayDeque<>();

    private static RosterExtension node() {
        return new RosterExtension()
                .on(DATABASE)
                .with("TOKEN_ALGORITHM", "ES256")
                .with("KEY_LEAD", "1s")
                .with("ACCESS_TOKEN_LIFETIME", "1m")
                .with("REFRESHES", "0")
                .with("API_KEY_REQUESTS", "0");
    }

    @BeforeEach
    void logIn() {
        String key = TestKeys.makeForAll(DATABASE.jdbi());
        for (RosterExtension node : List.of(A, B, C)) {
            TestUser user = A.api().newUser();
            issuers.add(new Issuer(
                    node.api(), new AdminApi(node.admin(), key), node.api().newSession(user)));
        }
    }

    @AfterAll
    static void verifyAuditTrail() {
        new Shell(DATABASE).verifyAudit();
    }

    @Test
    void nodesThatRotateAtOnceMakeOneKeyAndAcceptEveryToken() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            int before = keys();

            List<Reply> replies = Concurrently.run(3, i -> issuers.get(i).admin.post("/keys/rotation"));

            assertThat(replies).extracting(Reply::status).containsExactlyInAnyOrder(200, 200, 201);
            assertThat(replies)
                    .extracting(Reply::body)
                    .containsOnly(replies.get(0).body());
            assertThat(keys()).isEqualTo(before + 1);
            String kid = replies.get(0).body().path("kid").asText();
            Poll.until("all nodes publish the key", PATIENCE, () -> publishes(kid));
            Poll.until(
                    "all nodes sign with the key",
                    PATIENCE,
                    () -> issue(replies.get(0).body()));
        }
        unexpired.forEach(this::use);
    }

    /** Whether each node publishes the same keys, and this one first. */
    private boolean publishes(String kid) {
        List<List<String>> published = issuers.stream().map(this::publishedOn).toList();
        return published.get(0).get(0).equals(kid) && published.stream().allMatch(published.get(0)::equals);
    }

    private List<String> publishedOn(Issuer issuer) {
        JsonNode keys = issuer.api
                .raw("GET", "/.well-known/jwks.json")
                .expect(200)
                .body()
                .path("keys");
        return StreamSupport.stream(keys.spliterator(), false)
                .map(key -> key.path("kid").asText())
                .toList();
    }

    /** Has each node issue a token. Uses it on all of them, and returns whether the new key has signed each. */
    private boolean issue(JsonNode newKey) {
        boolean isSignedByNewKey = true;
        for (Issuer issuer : issuers) {
            issuer.session = issuer.api.refreshed(issuer.session.refreshToken());
            Issued token = new Issued(issuer.session.accessToken());
            if (token.kid().equals(newKey.path("kid").asText())) {
                assertThat(Instant.now())
                        .isAfterOrEqualTo(
                                Instant.parse(newKey.path("signs_from").asText()));
            } else {
                isSignedByNewKey = false;
            }
            use(token);
            unexpired.add(token);
        }
        while (!unexpired.isEmpty() && unexpired.element().isAboutToExpire()) {
            use(unexpired.remove());
        }
        return isSignedByNewKey;
    }

    private void use(Issued token) {
        issuers.forEach(issuer -> issuer.api.get("/users/me", token.text()).expect(200));
    }

    @Test
    void keyThatHasLeakedEndsOnAllNodes() {
        List<Issued> old = issuers.stream()
                .map(issuer -> new Issued(issuer.session.accessToken()))
                .toList();
        Issuer first = issuers.get(0);

        JsonNode key = first.admin
                .post("/keys/rotation", Map.of("now", true))
                .expect(201)
                .body();

        old.forEach(token -> first.api.get("/users/me", token.text()).expectInvalidToken());
        for (Issuer other : issuers.subList(1, 3)) {
            Poll.until("the node has heard of it", PATIENCE, () -> old.stream()
                    .allMatch(token -> other.api.get("/users/me", token.text()).status() == 401));
        }
        for (Issuer issuer : issuers) {
            TestSession refreshed = issuer.api.refreshed(issuer.session.refreshToken());
            assertThat(new Issued(refreshed.accessToken()).kid())
                    .isEqualTo(key.path("kid").asText());
            assertThat(refreshed.id()).isEqualTo(issuer.session.id());
            use(new Issued(refreshed.accessToken()));
            assertThat(publishedOn(issuer)).containsExactly(key.path("kid").asText());
        }
    }

    private static int keys() {
        return DATABASE.jdbi().withHandle(handle -> handle.createQuery("SELECT count(*) FROM signing_keys")
                .mapTo(Integer.class)
                .one());
    }

    /** A node, and a session that is refreshed on it. */
    private static final class Issuer {
        private final Api api;
        private final AdminApi admin;
        private TestSession session;

        Issuer(Api api, AdminApi admin, TestSession session) {
            this.api = api;
            this.admin = admin;
            this.session = session;
        }
    }

    /** A token. */
    private record Issued(String text) {
        String kid() {
            return TestTokens.readHeader(text).path("kid").asText();
        }

        boolean isAboutToExpire() {
            return Instant.now()
                    .plus(LAST_USE)
                    .isAfter(Instant.ofEpochSecond(
                            TestTokens.read(text).path("exp").asLong()));
        }
    }
}
