package dev.roster.admin.key;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roster.apikey.Scope;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.http.AdminApi;
import dev.roster.support.http.RawHttp;
import dev.roster.support.http.Reply;
import dev.roster.support.process.ConsoleLog;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Making, listing and revoking API keys. */
class KeysIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension().with("ADDRESS_FAILURES", "0");

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String ownKey = TestKeys.makeForAll(ROSTER.jdbi());
    private final AdminApi admin = new AdminApi(ROSTER.admin(), ownKey);

    @Test
    void keyIsMadeAndWorksAtOnce() {
        Instant end = Instant.parse("2031-01-02T03:04:05Z");
        Reply reply = admin.post(
                        "/keys",
                        Map.of(
                                "name", " Ops \u00e9 ",
                                "scopes", List.of("keys", "users:read"),
                                "expires_at", "2031-01-02T04:04:05+01:00"))
                .expect(201);

        JsonNode made = reply.body();
        String key = made.path("key").asText();
        assertThat(key).matches("rk_[\\w-]{12}_[\\w-]{43}");
        assertThat(made.path("id").asText()).isEqualTo(TestKeys.id(key));
        assertThat(made.path("name").asText()).isEqualTo("Ops \u00e9");
        assertThat(made.path("scopes")).map(JsonNode::asText).containsExactly("users:read", "keys");
        assertThat(Instant.parse(made.path("expires_at").asText())).isEqualTo(end);
        assertThat(made.path("created_by").asText()).isEqualTo(TestKeys.id(ownKey));
        assertThat(made.path("created_at").asText()).isNotBlank();
        assertThat(made.path("last_used_at").isNull()).isTrue();
        assertThat(made.path("revoked_at").isNull()).isTrue();
        assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
        admin.with(key).get("/keys").expect(200);
    }

    @Test
    void secretIsShownOnceAndStoredNowhere() {
        try (ConsoleLog log = new ConsoleLog()) {
            Reply made = admin.post("/keys", Map.of("name", "a", "scopes", List.of("keys")))
                    .expect(201);
            String secret = made.body().path("key").asText().substring(16);

            Reply list =
                    admin.with(made.body().path("key").asText()).get("/keys").expect(200);
            admin.with(made.body().path("key").asText() + "x").get("/keys").expect(401);

            assertThat(list.text())
                    .doesNotContain(secret)
                    .contains(made.body().path("id").asText());
            assertThat(list.body().path("keys")).isNotEmpty().allSatisfy(key -> assertThat(key.fieldNames())
                    .toIterable()
                    .containsExactly(
                            "id",
                            "name",
                            "scopes",
                            "created_at",
                            "created_by",
                            "expires_at",
                            "last_used_at",
                            "revoked_at"));
            String requestId = String.valueOf(list.header("X-Request-Id"));
            assertThat(log.linesUntil(1, line -> line.contains(requestId)))
                    .noneMatch(line -> line.contains(secret))
                    .anyMatch(line -> line.contains(" ACCESS ")
                            && line.contains(made.body().path("id").asText()));
            assertThat(everythingInTheDatabase()).doesNotContain(secret);
        }
    }

    private static String everythingInTheDatabase() {
        return ROSTER.jdbi()
                .withHandle(handle -> String.join(
                        "\n",
                        handle.createQuery("SELECT content::text FROM api_keys AS content"
                                        + " UNION ALL SELECT content::text FROM audit_events AS content")
                                .mapTo(String.class)
                                .list()));
    }

    @ParameterizedTest
    @EnumSource(Scope.class)
    void keyCannotGiveAScopeThatItLacks(Scope scope) {
        String limited = TestKeys.make(ROSTER.jdbi(), Scope.KEYS);
        int before = count();

        Reply reply = admin.with(limited).post("/keys", Map.of("name", "a", "scopes", List.of("keys", scope.id())));

        if (scope == Scope.KEYS) {
            reply.expectInvalid("scopes");
        } else {
            reply.expectProblem(403, "insufficient-scope");
            assertThat(reply.body().path("detail").asText())
                    .isEqualTo("A key can only give scopes that it has itself. It lacks " + scope.id() + ".");
        }
        assertThat(count()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                          | name missing, scopes missing",
                "{'name':'a'}                                                | scopes missing",
                "{'name':'a','scopes':[]}                                    | scopes empty",
                "{'name':'a','scopes':['keys','keys']}                       | scopes repeated",
                "{'name':'a','scopes':['nothing']}                           | scopes/0 not_allowed",
                "{'name':'a','scopes':['KEYS']}                              | scopes/0 not_allowed",
                "{'name':'a','scopes':['keys',null]}                         | scopes/1 wrong_type",
                "{'name':'a','scopes':[1]}                                   | scopes/0 wrong_type",
                "{'name':'a','scopes':'keys'}                                | scopes wrong_type",
                "{'name':'a','scopes':{}}                                    | scopes wrong_type",
                "{'name':' ','scopes':['keys']}                              | name blank",
                "{'name':1,'scopes':['keys']}                                | name wrong_type",
                "{'name':null,'scopes':['keys']}                             | name wrong_type",
                "{'name':'a\\u0000b','scopes':['keys']}                      | name control_character",
                "{'name':'a\\u202eb','scopes':['keys']}                      | name bidirectional_override",
                "{'name':'a\\ud800','scopes':['keys']}                       | name malformed_unicode",
                "{'name':'a','scopes':['keys'],'expires_at':'tomorrow'}      | expires_at malformed",
                "{'name':'a','scopes':['keys'],'expires_at':1}               | expires_at wrong_type",
                "{'name':'a','scopes':['keys'],'expires_at':null}            | expires_at wrong_type",
                "{'name':'a','scopes':['keys'],'expires_at':'2020-01-01T00:00:00Z'} | expires_at out_of_range",
                "{'name':'a','scopes':['keys'],'expires_at':'9999-01-01T00:00:00Z'} | expires_at out_of_range",
                "{'name':'a','scopes':['keys'],'id':'x','secret_hash':'y'}   | id unknown_member, secret_hash"
                        + " unknown_member",
                "{'name':'a','scopes':['keys'],'created_by':'x','key':'y'}   | created_by unknown_member, key"
                        + " unknown_member",
            })
    void invalidBodiesAreRefused(String body, String errors) {
        int before = count();

        Reply reply = admin.post("/keys", body.replace('\'', '"')).expectProblem(422, "validation");

        List<String> found = new ArrayList<>();
        reply.body()
                .path("errors")
                .forEach(error -> found.add(
                        error.path("field").asText() + " " + error.path("code").asText()));
        assertThat(found).containsExactlyInAnyOrder(errors.split(", "));
        assertThat(count()).isEqualTo(before);
    }

    @Test
    void nameHasAtMost100Characters() {
        admin.post("/keys", Map.of("name", "x".repeat(101), "scopes", List.of("keys")))
                .expectInvalid("name");
        admin.post("/keys", Map.of("name", "\ud83d\ude00".repeat(100), "scopes", List.of("keys")))
                .expect(201);
    }

    @Test
    void revokedKeyIsRefusedAtOnce() {
        JsonNode made = admin.post("/keys", Map.of("name", "a", "scopes", List.of("keys")))
                .expect(201)
                .body();
        AdminApi other = admin.with(made.path("key").asText());
        other.get("/keys").expect(200);

        admin.delete("/keys/" + made.path("id").asText()).expect(204);

        other.get("/keys").expectProblem(401, "unauthenticated");
        assertThat(row(made.path("id").asText()).path("revoked_at").asText()).isNotBlank();
        admin.delete("/keys/" + made.path("id").asText()).expect(204);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AAAAAAAAAAAA", "x", "a-very-long-id-that-no-key-can-have", "%20", "me"})
    void unknownKeyCannotBeRevoked(String id) {
        Reply reply = admin.delete("/keys/" + id).expectProblem(404, "not-found");

        assertThat(reply.body().path("detail").asText()).isEqualTo("This key does not exist.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2031-01-02T03:04:05.000001Z", "2032-01-01T00:00:00Z"})
    void keyCannotMakeOneThatOutlivesIt(String end) {
        String maker = keyUntil("2031-01-02T03:04:05Z");
        int before = count();

        Reply reply = admin.with(maker).post("/keys", newKey(end)).expectInvalid("expires_at");

        assertThat(reply.body().at("/errors/0/code").asText()).isEqualTo("out_of_range");
        assertThat(reply.body().at("/errors/0/max").asText()).isEqualTo("2031-01-02T03:04:05Z");
        assertThat(reply.body().at("/errors/0/message").asText())
                .isEqualTo("must not be later than 2031-01-02T03:04:05Z, when the key that makes it ends");
        assertThat(count()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2031-01-02T03:04:05Z", "2031-01-01T00:00:00Z"})
    void keyCanMakeOneThatEndsWithItOrEarlier(String end) {
        String maker = keyUntil("2031-01-02T03:04:05Z");

        JsonNode made = admin.with(maker).post("/keys", newKey(end)).expect(201).body();

        assertThat(Instant.parse(made.path("expires_at").asText())).isEqualTo(Instant.parse(end));
    }

    private static String keyUntil(String end) {
        String key = TestKeys.make(ROSTER.jdbi(), Scope.KEYS);
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute(
                        "UPDATE api_keys SET expires_at = ?::timestamptz WHERE id = ?", end, TestKeys.id(key)));
        return key;
    }

    private static Map<String, Object> newKey(String end) {
        Map<String, Object> key = new HashMap<>(Map.of("name", "a", "scopes", List.of("keys")));
        if (!end.isEmpty()) {
            key.put("expires_at", end);
        }
        return key;
    }

    @ParameterizedTest
    @ValueSource(strings = {"revoked_at", "expires_at"})
    void keyThatEndsDuringTheRequestMakesNoOther(String column) {
        String maker = TestKeys.make(ROSTER.jdbi(), Scope.KEYS);
        int before = count();

        Reply reply = ROSTER.jdbi().inTransaction(handle -> {
            handle.createUpdate("UPDATE api_keys SET <column> = now() WHERE id = :id")
                    .define("column", column)
                    .bind("id", TestKeys.id(maker))
                    .execute();
            int holder = handle.createQuery("SELECT pg_backend_pid()")
                    .mapTo(Integer.class)
                    .one();
            CompletableFuture<Reply> posted =
                    CompletableFuture.supplyAsync(() -> admin.with(maker).post("/keys", newKey("")));
            Poll.until("the request waits", PATIENCE, () -> isWaitedFor(holder));
            handle.commit();
            return posted.join();
        });

        reply.expectProblem(401, "unauthenticated");
        assertThat(count()).isEqualTo(before);
    }

    private static boolean isWaitedFor(int holder) {
        return ROSTER.jdbi().withHandle(handle -> handle.createQuery(
                        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE ? = ANY (pg_blocking_pids(pid)))")
                .bind(0, holder)
                .mapTo(Boolean.class)
                .one());
    }

    @Test
    void keysThatARevokedKeyHasMadeStayLive() {
        String maker = TestKeys.make(ROSTER.jdbi(), Scope.KEYS);
        JsonNode made = admin.with(maker).post("/keys", newKey("")).expect(201).body();

        admin.delete("/keys/" + TestKeys.id(maker)).expect(204);

        admin.with(made.path("key").asText()).get("/keys").expect(200);
        assertThat(row(made.path("id").asText()).path("created_by").asText()).isEqualTo(TestKeys.id(maker));
    }

    @Test
    void lastKeyCanRevokeItself() {
        ROSTER.jdbi().useHandle(handle -> handle.execute("UPDATE api_keys SET revoked_at = now()"));
        String last = TestKeys.make(ROSTER.jdbi(), Scope.KEYS);

        admin.with(last).delete("/keys/" + TestKeys.id(last)).expect(204);

        admin.with(last).get("/keys").expectProblem(401, "unauthenticated");
    }

    @Test
    void keyEndsByTheDatabasesClock() {
        String key = TestKeys.make(ROSTER.jdbi(), Scope.KEYS);
        admin.with(key).get("/keys").expect(200);
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute(
                        "UPDATE api_keys SET expires_at = now() - interval '1 microsecond' WHERE id = ?",
                        TestKeys.id(key)));

        Poll.until(
                "the feed has told it",
                PATIENCE,
                () -> admin.with(key).get("/keys").status() == 401);
    }

    @Test
    void lastUseIsNotedToTheMinute() {
        String key = TestKeys.make(ROSTER.jdbi(), Scope.KEYS);
        admin.with(key).get("/keys").expect(200);

        Poll.until("it is written", PATIENCE, () -> !row(TestKeys.id(key))
                .path("last_used_at")
                .isNull());

        assertThat(row(TestKeys.id(key)).path("last_used_at").asText()).endsWith(":00.000000Z");
    }

    @Test
    void eachWriteLeavesOneEventWithKeyActorAndReason() {
        Reply made = admin.send(admin.request("/keys")
                        .header("Content-Type", "application/json")
                        .header("Roster-Reason", "UTF-8''Kundin%20m%C3%B6chte")
                        .header("Roster-Actor", "Ada")
                        .POST(BodyPublishers.ofString("{\"name\":\"a\",\"scopes\":[\"keys\"]}")))
                .expect(201);
        String id = made.body().path("id").asText();
        admin.delete("/keys/" + id).expect(204);
        admin.delete("/keys/" + id).expect(204);

        List<Map<String, Object>> events = ROSTER.jdbi()
                .withHandle(handle ->
                        handle.createQuery("""
                        SELECT type, key_id, target_key_id, actor, reason
                          FROM audit_events
                         WHERE target_key_id = :id
                         ORDER BY occurred_at, id
                        """).bind("id", id).mapToMap().list());
        assertThat(events)
                .containsExactly(
                        event("key_created", id, "Ada", "Kundin m\u00f6chte"),
                        event("key_revoked", id, null, AdminApi.REASON));
    }

    private Map<String, Object> event(String type, String target, @Nullable String actor, String reason) {
        Map<String, Object> event = new HashMap<>();
        event.put("type", type);
        event.put("key_id", TestKeys.id(ownKey));
        event.put("target_key_id", target);
        event.put("actor", actor);
        event.put("reason", reason);
        return event;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Roster-Reason | ''                                | blank",
                "Roster-Reason | ' '                               | blank",
                "Roster-Reason | caf\u00e9                         | not_ascii",
                "Roster-Reason | UTF-8''%                          | malformed",
                "Roster-Reason | UTF-8''%C3                        | malformed",
                "Roster-Reason | UTF-8''%ED%A0%80                  | malformed",
                "Roster-Reason | UTF-8''a b                        | malformed",
                "Roster-Reason | UTF-8''a%00b                      | control_character",
                "Roster-Reason | UTF-8''a%0Ab                      | control_character",
                "Roster-Reason | UTF-8''a%E2%80%AEb                | bidirectional_override",
                "Roster-Reason | UTF-8''                           | blank",
                "Roster-Actor  | ''                                | blank",
                "Roster-Actor  | UTF-8''%C3                        | malformed",
            })
    void invalidHeadersAreRefused(String header, String value, String code) {
        Reply reply = raw(header + ": " + value);

        reply.expectInvalid(header);
        assertThat(reply.body().at("/errors/0/code").asText()).isEqualTo(code);
    }

    @Test
    void headersHaveALimitedLength() {
        raw("Roster-Reason: " + "x".repeat(201)).expectInvalid("Roster-Reason");
        raw("Roster-Actor: " + "x".repeat(65)).expectInvalid("Roster-Actor");
        raw("Roster-Reason: a", "Roster-Reason: b").expectInvalid("Roster-Reason");
        raw("Roster-Reason: " + "x".repeat(200), "Roster-Actor: UTF-8'de'" + "%C3%A4".repeat(64))
                .expect(204);
    }

    /** Revokes a key with these headers, and a reason unless one of them is it. */
    private Reply raw(String... headers) {
        String key = TestKeys.make(ROSTER.jdbi(), Scope.KEYS);
        String all = String.join("\r\n", headers);
        String reason = all.contains("Roster-Reason") ? "" : "Roster-Reason: x\r\n";
        return new RawHttp(ROSTER.admin())
                .send("DELETE /admin/v1/keys/" + TestKeys.id(key) + " HTTP/1.1\r\nHost: localhost\r\n"
                        + "Authorization: Bearer " + ownKey + "\r\nConnection: close\r\n" + reason + all
                        + "\r\n\r\n")
                .only();
    }

    private JsonNode row(String id) {
        for (JsonNode key : admin.get("/keys").expect(200).body().path("keys")) {
            if (key.path("id").asText().equals(id)) {
                return key;
            }
        }
        return new ObjectMapper().missingNode();
    }

    private static int count() {
        return ROSTER.jdbi().withHandle(handle -> handle.createQuery("SELECT count(*) FROM api_keys")
                .mapTo(Integer.class)
                .one());
    }
}
