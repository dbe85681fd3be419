package dev.roster.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roster.support.Concurrently;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The profile of a person, from its first change to its deletion. */
class ProfileIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension().with("CHANGES_AT_ONCE", "1000");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Api api = ROSTER.api();
    private final Api.TestUser user = api.newUser();

    @Test
    void profileIsEmptyAtFirst() {
        Reply registered = api.register(Api.newBody(Api.newEmail())).expect(201);

        assertThat(registered.body().path("profile")).isEqualTo(JSON.createObjectNode());
    }

    @Test
    void profileIsShownWhereverThePersonIs() throws JsonProcessingException {
        String profile = "{\"city\": \"Köln\", \"links\": [\"https://example.com/\", 1.5, null, true]}";
        String email = Api.newEmail();
        Map<String, Object> body = Api.newBody(email);
        body.put("profile", JSON.readTree(profile));
        Reply registered = api.register(body).expect(201);
        Reply loggedIn = api.login(email, Api.PASSWORD).expect(200);
        String token = loggedIn.body().path("access_token").asText();
        String path = "/users/" + registered.body().path("id").asText();

        List<JsonNode> users = List.of(
                registered.body(),
                loggedIn.body().path("user"),
                api.get(path, token).expect(200).body(),
                api.get("/users/me", token).expect(200).body(),
                api.get("/users?q=" + email, token).expect(200).body().at("/users/0"),
                api.get("/users?sort=-created_at&limit=1", token)
                        .expect(200)
                        .body()
                        .at("/users/0"),
                api.put(path, token, Map.of("name", "B")).expect(200).body());

        assertThat(users)
                .extracting(shown -> shown.path("profile").toString())
                .containsOnly(JSON.readTree(profile).toString());
        assertThat(TestTokens.read(token).has("profile")).isFalse();
    }

    @Test
    void changesAreMerged() {
        put("{\"a\":{\"b\":1,\"c\":[1,2]},\"d\":\"x\"}").expect(200);

        Reply changed = put("{\"a\":{\"b\":null,\"c\":[3]},\"e\":{\"f\":null}}").expect(200);

        assertThat(changed.body().path("profile").toString()).isEqualTo("{\"a\":{\"c\":[3]},\"d\":\"x\",\"e\":{}}");
        assertThat(changed.header("ETag")).isEqualTo("\"3\"");
        assertThat(read().body()).isEqualTo(changed.body());
    }

    @Test
    void patchWithoutEffectKeepsTheVersion() {
        put("{\"a\":{\"b\":1.50}}").expect(200);
        long events = events().size();

        for (String same : List.of("{}", "{\"a\":{}}", "{\"a\":{\"b\":15e-1}}", "{\"x\":null}")) {
            assertThat(put(same).expect(200).header("ETag")).isEqualTo("\"2\"");
        }
        assertThat(events()).hasSize((int) events);
    }

    @Test
    void preconditionsGuardChanges() {
        api.put(user.path(), user.token(), Map.of("profile", Map.of("a", 1)), "\"2\"")
                .expectProblem(412, "version-conflict");
        api.put(user.path(), user.token(), Map.of("profile", Map.of("a", 1)), "\"1\"")
                .expect(200);
    }

    @Test
    void simultaneousChangesLoseNoMember() throws Exception {
        List<Reply> replies = Concurrently.run(
                32,
                i -> put(
                        i % 2 == 0
                                ? "{\"m" + i + "\":" + i + ",\"last\":" + i + "}"
                                : "{\"inner\":{\"m" + i + "\":" + i + ",\"last\":" + i + "}}"));

        assertThat(replies).allSatisfy(reply -> reply.expect(200));
        JsonNode profile = read().body().path("profile");
        for (int i = 0; i < 32; i++) {
            JsonNode owner = i % 2 == 0 ? profile : profile.path("inner");
            assertThat(owner.path("m" + i).asInt(-1)).isEqualTo(i);
        }
        assertThat(read().header("ETag")).isEqualTo("\"33\"");
    }

    @Test
    void eventNamesTheMembersAndNoValues() {
        put("{\"favoriteColor\":\"secret\",\"a b\":1}").expect(200);
        api.put(user.path(), user.token(), "{\"name\":\"B\",\"profile\":{\"favoriteColor\":null,\"c\":1}}")
                .expect(200);

        assertThat(events())
                .containsSubsequence("profile,profile-favoriteColor", "name,profile-c,profile-favoriteColor");
        assertThat(events().toString()).doesNotContain("secret");
    }

    /** V6, V12 */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | profile | must be an object",
                "null | profile | must be an object",
                "'\"x\"' | profile | must be an object",
                "{\"a\":\"\\u0000\"} | profile/a | must not contain U+0000",
                "{\"a\":[{\"b\":\"x\\u0007\"}]} | profile/a/0/b | must not contain control characters",
                "{\"a\":{\"b\":\"\\ud800\"}} | profile/a/b | must be well-formed Unicode",
                "{\"a\":[1,\"\\udc00\\ud800\"]} | profile/a/1 | must be well-formed Unicode",
                "{\"a\":\"\\u202e\"} | profile/a | must not contain bidirectional overrides",
                "{\"a\":{\"\\u0000\":1}} | profile/a | has a member whose name must not contain U+0000",
                "{\"a\":1e400000} | profile/a | must be a number from -9007199254740991 to 9007199254740991",
                "{\"a\":1e99999999999} | profile/a | must be a number from -9007199254740991 to 9007199254740991",
                "{\"a\":-9007199254740992} | profile/a | must be a number from -9007199254740991 to 9007199254740991",
                "{\"a\":1e-99999999999} | profile/a | must have at most 17 significant digits and 30 decimals",
                "{\"a\":1e-31} | profile/a | must have at most 17 significant digits and 30 decimals",
                "{\"a\":1.23456789012345678} | profile/a | must have at most 17 significant digits and 30 decimals",
                "{\"a\":[[[[[1]]]]]} | profile/a/0/0/0/0 | must not be an object or array deeper than level 5"
            })
    void hostileValueIsNamedByItsPath(String profile, String path, String message) {
        assertThat(put(profile).expectInvalid(path).errors()).containsEntry(path, message);

        assertThat(read().header("ETag")).isEqualTo("\"1\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":1,\"a\":1} | profile/a",
                "{\"a\":{\"b\":[{\"c/d\":1,\"c/d\":2}]}} | profile/a/b/0/c~1d",
                "{\"a\":{\"\\u0062\":1,\"b\":null}} | profile/a/b"
            })
    void duplicateMemberIsNamedByItsPath(String profile, String path) {
        Reply reply = put(profile).expectProblem(400, "malformed");

        assertThat(reply.body().path("detail").asText()).endsWith("): it has " + path + " twice.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"\\ud800\":1}",
                "{\"a\":NaN}",
                "{\"a\":Infinity}",
                "{\"a\":01}",
                "{\"a\":.5}",
                "{\"a\":+1}",
                "{\"a\":'x'}"
            })
    void malformedProfileIsRefused(String profile) {
        put(profile).expectProblem(400, "malformed");
    }

    @Test
    void everyInvalidMemberIsNamedAtOnce() {
        api.put(user.path(), user.token(), "{\"name\":\"\",\"x\":1,\"profile\":{\"a\":1e99,\"b\":[\"\\u0000\"]}}")
                .expectInvalid("name", "x", "profile/a", "profile/b/0");
        api.post(
                        "/auth/register",
                        "{\"name\":\"A\",\"email\":\"a@example.com\",\"password\":\"x\","
                                + "\"profile\":{\"a\":\"\\ud800\"}}")
                .expectInvalid("password", "profile/a");
    }

    @Test
    void registrationWithATooLargeProfileIsRefused() {
        Map<String, Object> body = Api.newBody(Api.newEmail());
        body.put("profile", Map.of("a", "x".repeat(8192)));

        api.register(body).expectInvalid("profile");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":0.30000000000000004} | {\"a\": 0.30000000000000004}",
                "{\"a\":[1.0,1E2,-0.0,-0,5e-1,9007199254740991]} | {\"a\": [1, 100, 0, 0, 0.5, 9007199254740991]}",
                "{\"a\":1e-30} | {\"a\": 0.000000000000000000000000000001}",
                "{\"a\":\"\\t\\r\\n\\\"\\\\\\/\\ud83d\\ude00\"} | {\"a\": \"\\t\\r\\n\\\"\\\\/😀\"}",
                "{\"__proto__\":{\"constructor\":1},\"\":[]} | {\"\": [], \"__proto__\": {\"constructor\": 1}}"
            })
    void unusualValueIsKept(String profile, String stored) {
        Reply reply = put(profile).expect(200);

        assertThat(reply.text()).contains("\"profile\":" + stored + ",");
        assertThat(api.put(user.path(), user.token(), reply.text()).expect(200).header("ETag"))
                .isEqualTo("\"2\"");
    }

    /** The service counts the bytes that PostgreSQL writes. */
    @Test
    void sizeIsThatOfTheStoredText() {
        Random random = new Random(1);
        for (int i = 0; i < 50; i++) {
            JsonNode value = any(random, 4);
            int bytes = ROSTER.jdbi()
                    .withHandle(handle -> handle.createQuery("SELECT octet_length((:value::jsonb)::text)")
                            .bind("value", value.toString())
                            .mapTo(Integer.class)
                            .one());

            assertThat(ObjectLimits.storedBytes(value)).as(value.toString()).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]",
                "1",
                "null",
                "{\"a\": [[[[[]]]]]}",
                "{\"a\": [{\"b\": {\"c\": [{}]}}]}",
                "{\"a\": \"8184\"}",
                "{\"a\": {65}}"
            })
    void databaseRefusesWhatTheServiceRefuses(String object) {
        String value = object.replace("8184", "x".repeat(8184))
                .replace(
                        "65",
                        IntStream.range(0, 64).mapToObj(i -> "\"" + i + "\": 1").collect(Collectors.joining(", ")));
        for (String column : List.of("profile", "metadata")) {
            assertThatExceptionOfType(JdbiException.class)
                    .isThrownBy(() -> set(column, value))
                    .withMessageContaining("users_" + column + "_fits");
            set(column, "{\"a\": [[[[1]]]], \"b\": \"" + "x".repeat(8000) + "\"}");
        }
    }

    @Test
    void changeByHandIsShown() {
        read();

        set("profile", "{\"by\": \"hand\"}");

        Poll.until("the change is shown", Duration.ofSeconds(10), () -> read().text()
                .contains("\"profile\":{\"by\": \"hand\"}"));
    }

    @Test
    void profileIsDeletedWithThePerson() {
        put("{\"a\":\"somewhere\"}").expect(200);
        api.delete(user.path(), user.token()).expect(204);

        long left = ROSTER.jdbi().withHandle(handle -> handle.createQuery(
                        "SELECT count(*) FROM users WHERE id = :id OR profile::text LIKE '%somewhere%'")
                .bind("id", user.id())
                .mapTo(Long.class)
                .one());

        assertThat(left).isZero();
    }

    private Reply put(String profile) {
        return api.put(user.path(), user.token(), "{\"profile\":" + profile + "}");
    }

    private Reply read() {
        return api.get(user.path(), user.token()).expect(200);
    }

    private void set(String column, String value) {
        ROSTER.jdbi().useHandle(handle -> handle.createUpdate(
                        "UPDATE users SET " + column + " = CAST(:value AS jsonb) WHERE id = :id")
                .bind("value", value)
                .bind("id", user.id())
                .execute());
    }

    private List<String> events() {
        return ROSTER.jdbi().withHandle(handle -> handle.createQuery("SELECT details FROM audit_events"
                        + " WHERE target_id = :id AND type = 'details_changed' ORDER BY occurred_at")
                .bind("id", user.id())
                .mapTo(String.class)
                .list());
    }

    private static JsonNode any(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 6 : 4)) {
            case 0 -> JSON.getNodeFactory().textNode(text(random));
            case 1 -> JSON.getNodeFactory().numberNode(random.nextInt());
            case 2 -> JSON.getNodeFactory().booleanNode(random.nextBoolean());
            case 3 -> JSON.getNodeFactory().nullNode();
            case 4 -> {
                var array = JSON.createArrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(any(random, depth - 1));
                }
                yield array;
            }
            default -> {
                var object = JSON.createObjectNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    object.set(text(random), any(random, depth - 1));
                }
                yield object;
            }
        };
    }

    private static String text(Random random) {
        return random.ints(random.nextInt(6), 1, 0x2000)
                .mapToObj(character -> Character.toString(random.nextBoolean() ? character % 96 + 1 : character))
                .collect(Collectors.joining());
    }
}
