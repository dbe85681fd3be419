package dev.roster.admin.key;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.apikey.Scope;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.TestTokens;
import dev.roster.support.http.AdminApi;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code POST /admin/v1/keys/rotation} on one node. */
class SigningKeyRotationIT {
    private static final String PATH = "/keys/rotation";
    private static final Duration LEAD = Duration.ofMinutes(10);

    @RegisterExtension
    static final RosterExtension ROSTER =
            new RosterExtension().with("TOKEN_ALGORITHM", "ES256").with("API_KEY_REQUESTS", "0");

    @RegisterExtension
    static final RosterExtension HS256 = new RosterExtension();

    private final Api api = ROSTER.api();
    private final String key = TestKeys.make(ROSTER.jdbi(), Scope.KEYS);
    private final AdminApi admin = new AdminApi(ROSTER.admin(), key);

    /** So that no key waits. */
    @BeforeEach
    void rotateAtOnce() {
        admin.post(PATH, Map.of("now", true)).expect(201);
    }

    @Test
    void newKeyIsPublishedAtOnceAndSignsAfterTheLead() {
        TestUser user = api.newUser();
        String present = kid(user.token());

        Reply reply = admin.post(PATH).expect(201);

        assertThat(reply.body().fieldNames())
                .toIterable()
                .containsExactly("kid", "algorithm", "created_at", "published_from", "signs_from");
        assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
        assertThat(reply.body().path("algorithm").textValue()).isEqualTo("ES256");
        Instant publishedFrom = time(reply, "published_from");
        assertThat(time(reply, "created_at")).isEqualTo(publishedFrom);
        assertThat(time(reply, "signs_from")).isEqualTo(publishedFrom.plus(LEAD));
        assertThat(newKid(reply)).isNotEqualTo(present);
        assertThat(kid(api.newToken(user.email()))).isEqualTo(present);
        api.get("/users/me", user.token()).expect(200);
    }

    @Test
    void requestsWhileAKeyWaitsMakeNone() {
        Reply first = admin.post(PATH, "{}").expect(201);

        Reply second = admin.post(PATH).expect(200);
        Reply third = admin.post(PATH, Map.of("now", false)).expect(200);

        assertThat(List.of(second.body(), third.body())).containsOnly(first.body());
        assertThat(events(newKid(first))).hasSize(1);
    }

    @Test
    void immediateRotationEndsAllTokensAndKeepsSessions() {
        TestUser user = api.newUser();
        TestSession session = api.newSession(user);
        admin.post(PATH).expect(201); // this key ends, too, before it has signed

        Reply reply = admin.post(PATH, Map.of("now", true)).expect(201);

        assertThat(time(reply, "signs_from")).isEqualTo(time(reply, "published_from"));
        for (String token : List.of(user.token(), session.accessToken())) {
            api.get("/users/me", token).expectInvalidToken();
        }
        TestSession refreshed = api.refreshed(session.refreshToken());
        assertThat(refreshed.id()).isEqualTo(session.id());
        assertThat(kid(refreshed.accessToken())).isEqualTo(newKid(reply));
        api.get("/users/me", refreshed.accessToken()).expect(200);
        api.get("/users/me", session.accessToken()).expectInvalidToken();
        assertThat(unendedKeys()).containsExactly(newKid(reply));
    }

    @Test
    void eventNamesTheKeysTheActorAndTheReason() {
        Reply planned = admin.send(admin.request(PATH)
                        .header("Roster-Reason", "Yearly")
                        .header("Roster-Actor", "Ada")
                        .POST(BodyPublishers.noBody()))
                .expect(201);
        Reply leaked = admin.post(PATH, Map.of("now", true)).expect(201);

        assertThat(events(newKid(planned)))
                .containsExactly(new Event("by_operator,kid-" + newKid(planned), TestKeys.id(key), "Ada", "Yearly"));
        assertThat(events(newKid(leaked)))
                .containsExactly(
                        new Event("by_operator,now,kid-" + newKid(leaked), TestKeys.id(key), null, AdminApi.REASON));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"now\": 1}", "{\"now\": \"true\"}", "{\"now\": null}", "{\"soon\": true}", "[]", "true"})
    void otherBodiesChangeNothing(String body) {
        Set<String> before = Set.copyOf(unendedKeys());

        admin.post(PATH, body).expectProblem(422, "validation");

        assertThat(Set.copyOf(unendedKeys())).isEqualTo(before);
    }

    @Test
    void keyOfHs256IsNotRotated() {
        AdminApi other = new AdminApi(HS256.admin(), TestKeys.make(HS256.jdbi(), Scope.KEYS));

        for (Map<String, Boolean> body : List.of(Map.<String, Boolean>of(), Map.of("now", true))) {
            Reply reply = other.post(PATH, body).expectProblem(409, "key-not-rotated");
            assertThat(reply.body().path("detail").asText()).contains("JWT_SECRET_KEY", "TOKEN_ALGORITHM");
        }
    }

    private static String newKid(Reply reply) {
        return reply.body().path("kid").asText();
    }

    private static String kid(String token) {
        return TestTokens.readHeader(token).path("kid").asText();
    }

    private static Instant time(Reply reply, String member) {
        return Instant.parse(reply.body().path(member).asText());
    }

    private static List<String> unendedKeys() {
        return ROSTER.jdbi()
                .withHandle(
                        handle -> handle.createQuery("""
                                SELECT kid FROM signing_keys WHERE verifies_until IS NULL OR verifies_until > now()
                                """).mapTo(String.class).list());
    }

    private record Event(
            String details, String keyId, @Nullable String actor, String reason) {}

    private static List<Event> events(String kid) {
        return ROSTER.jdbi().withHandle(handle -> handle.createQuery("""
                        SELECT details, key_id, actor, reason
                          FROM audit_events
                         WHERE type = 'signing_key_rotated' AND details LIKE '%kid-' || :kid
                        """)
                .bind("kid", kid)
                .map((row, context) -> new Event(
                        Objects.requireNonNull(row.getString("details")),
                        row.getString("key_id"),
                        row.getString("actor"),
                        row.getString("reason")))
                .list());
    }
}
