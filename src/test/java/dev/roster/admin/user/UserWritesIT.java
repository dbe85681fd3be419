package dev.roster.admin.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Concurrently;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.http.AdminApi;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The routes of the operators' API that change users. */
class UserWritesIT {
    private static final String NEW_PASSWORD = "Another-Horse-9";
    private static final String FUTURE = "2999-12-24T18:00:00Z";

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .set("roles.selfAssignable", "user")
            .with("API_KEY_REQUESTS", "0")
            .with("API_KEY_DELETIONS", "0");

    private static AdminApi admin;

    private final Api api = ROSTER.api();
    private final TestUser user = api.newUser();
    private final String path = "/users/" + user.id();

    @BeforeAll
    static void makeKey() {
        admin = new AdminApi(ROSTER.admin(), TestKeys.makeForAll(ROSTER.jdbi()));
    }

    @Test
    void operatorCreatesAUserWithAnyRole() {
        String email = Api.newEmail();

        Reply created = admin.post(
                        "/users", Map.of("name", " Zoë ", "email", email, "role", "admin", "password", Api.PASSWORD))
                .expect(201);

        String id = created.body().path("id").asText();
        assertThat(created.header("ETag")).isEqualTo("\"1\"");
        assertThat(created.header("Location")).endsWith("users/" + id);
        assertThat(created.body().path("name").asText()).isEqualTo("Zoë");
        assertThat(created.body().path("role").asText()).isEqualTo("admin");
        assertThat(created.body().path("status").asText()).isEqualTo("active");
        assertThat(created.body().path("version").asInt()).isOne();
        api.login(email, Api.PASSWORD).expect(200);
        assertThat(events(UUID.fromString(id), "registered")).containsExactly("registered by_operator");
    }

    /** E1 */
    @Test
    void userCreatedWithoutAPasswordCannotLogInUntilAnOperatorSetsOne() {
        String email = Api.newEmail();
        Reply created =
                admin.post("/users", Map.of("name", "A", "email", email)).expect(201);
        Reply refused = api.login(email, Api.PASSWORD).expectProblem(401, "invalid-credentials");
        assertThat(refused.body().path("detail"))
                .isEqualTo(api.login(Api.newEmail(), Api.PASSWORD).body().path("detail"));

        admin.put("/users/" + created.body().path("id").asText(), Map.of("password", NEW_PASSWORD), "\"1\"")
                .expect(200);

        api.login(email, NEW_PASSWORD).expect(200);
    }

    @Test
    void takenAddressIsRefused() {
        admin.post("/users", Map.of("name", "A", "email", user.email().toUpperCase(Locale.ROOT)))
                .expectProblem(409, "email-taken");
        admin.put(path, Map.of("email", api.newUser().email()), "\"1\"").expectProblem(409, "email-taken");
        assertThat(version()).isOne();
    }

    @Test
    void invalidValuesAreAllNamed() {
        admin.post("/users", Map.of("name", " ", "email", "a@b", "role", "boss", "password", "short"))
                .expectInvalid("name", "email", "role", "password");
        admin.post("/users", Map.of()).expectInvalid("name", "email");
        admin.put(path, Map.of("role", "boss", "password", "password123"), "\"1\"")
                .expectInvalid("role", "password");
        admin.put(path, Map.of("password", "A Person"), "\"1\"").expectInvalid("password");
        admin.put(path, Map.of("name", NEW_PASSWORD, "password", NEW_PASSWORD), "\"1\"")
                .expectInvalid("password");
        admin.put(path, Map.of(), "\"1\"").expectInvalid("body");
        assertThat(version()).isOne();
    }

    @Test
    void operatorChangesAUser() {
        String email = Api.newEmail();

        Reply changed = admin.put(path, Map.of("name", "Another Name", "email", email, "role", "admin"), "\"1\"")
                .expect(200);

        assertThat(changed.header("ETag")).isEqualTo("\"2\"");
        assertThat(changed.body().path("email").asText()).isEqualTo(email);
        Reply me = api.get("/users/me", user.token()).expect(200);
        assertThat(me.body().path("role").asText()).isEqualTo("admin");
        assertThat(me.body().path("name").asText()).isEqualTo("Another Name");
        assertThat(events(user.id(), "details_changed")).containsExactly("details_changed by_operator,name,email,role");
        assertThat(admin.put(path, Map.of("role", "admin"), "\"2\"").expect(200).header("ETag"))
                .isEqualTo("\"2\"");
    }

    @Test
    void newPasswordEndsAllSessions() {
        TestSession other = api.newSession(user);

        admin.put(path, Map.of("password", NEW_PASSWORD), "*").expect(200);

        for (String token : List.of(user.token(), other.accessToken())) {
            api.get("/users/me", token).expectInvalidToken();
        }
        api.refresh(other.refreshToken()).expectInvalidToken();
        api.login(user.email(), Api.PASSWORD).expectProblem(401, "invalid-credentials");
        api.login(user.email(), NEW_PASSWORD).expect(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE"})
    void changeNeedsTheVersionThatItChanges(String method) {
        HttpRequest.Builder request = admin.request(path)
                .header("Roster-Reason", AdminApi.REASON)
                .header("If-Unmodified-Since", "Sat, 01 Jan 2099 00:00:00 GMT")
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString("{\"name\": \"Another Name\"}"));

        admin.send(request).expectProblem(428, "precondition-required");

        assertThat(version()).isOne();
    }

    @Test
    void staleVersionIsRefused() {
        admin.put(path, Map.of("name", "Another Name"), "\"1\"").expect(200);

        admin.put(path, Map.of("name", "A Third Name"), "\"1\"").expectProblem(412, "version-conflict");
        admin.put(path, Map.of("password", NEW_PASSWORD), "\"1\"").expectProblem(412, "version-conflict");
        admin.delete(path, "\"1\"").expectProblem(412, "version-conflict");

        api.get("/users/me", user.token()).expect(200);
        assertThat(version()).isEqualTo(2);
    }

    @Test
    void deletedUserIsGone() {
        admin.delete(path, "\"1\"").expect(204);

        api.get("/users/me", user.token()).expectInvalidToken();
        api.login(user.email(), Api.PASSWORD).expectProblem(401, "invalid-credentials");
        admin.delete(path, "\"1\"").expectProblem(404, "not-found");
    }

    @Test
    void disabledPersonCanUseNoRouteWithOldTokens() {
        TestSession other = api.newSession(user);

        Reply disabled = admin.post(path + "/disable", Map.of("until", FUTURE)).expect(200);

        assertThat(disabled.body().path("status").asText()).isEqualTo("disabled");
        assertThat(disabled.body().path("disabled_until").asText()).startsWith("2999-12-24T18:00:00");
        assertThat(disabled.body().path("disabled_reason").asText()).isEqualTo(AdminApi.REASON);
        assertThat(disabled.header("ETag")).isEqualTo("\"2\"");
        for (String token : List.of(user.token(), other.accessToken())) {
            api.get("/users/me", token).expectInvalidToken();
            api.get("/users", token).expectInvalidToken();
            api.get(user.path(), token).expectInvalidToken();
            api.get(user.sessionsPath(), token).expectInvalidToken();
            api.put(user.path(), token, Map.of("name", "Another Name")).expectInvalidToken();
            api.delete(user.sessionsPath(), token).expectInvalidToken();
            api.delete(user.sessionsPath() + "/" + other.id(), token).expectInvalidToken();
            api.delete(user.path(), token).expectInvalidToken();
        }
        api.refresh(other.refreshToken()).expectInvalidToken();
        api.login(user.email(), Api.PASSWORD).expectProblem(403, "account-disabled");
        assertThat(version()).isEqualTo(2);
    }

    @Test
    void loginAfterEnableWorksAtOnce() {
        admin.post(path + "/disable").expect(200);

        Reply enabled = admin.post(path + "/enable").expect(200);

        assertThat(enabled.body().path("status").asText()).isEqualTo("active");
        assertThat(enabled.body().path("disabled_reason").isNull()).isTrue();
        TestSession session = api.newSession(user);
        api.get("/users/me", session.accessToken()).expect(200);
        api.refreshed(session.refreshToken());
        api.get("/users/me", user.token()).expectInvalidToken();
        assertThat(strings("SELECT kind FROM token_blocklist WHERE user_id = ?"))
                .containsExactly("session");
        assertThat(admin.post(path + "/enable").expect(200).header("ETag")).isEqualTo("\"3\"");
        assertThat(events(user.id(), "disabled", "enabled"))
                .containsExactly("disabled by_operator", "enabled by_operator");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}"})
    void disableNeedsNoBody(String body) {
        assertThat(admin.post(path + "/disable", body)
                        .expect(200)
                        .body()
                        .path("disabled_until")
                        .isNull())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"until\": \"2020-01-01T00:00:00Z\"} | until",
                "{\"until\": \"tomorrow\"}             | until",
                "{\"until\": \"+99999-01-01T00:00:00Z\"} | until",
                "{\"until\": 5}                        | until",
                "{\"for\": \"1h\"}                     | for",
            })
    void wrongTimeIsRefused(String body, String field) {
        admin.post(path + "/disable", body).expectInvalid(field);

        api.get("/users/me", user.token()).expect(200);
    }

    @Test
    void requiredResetIsToldUntilAnOperatorSetsAPassword() {
        admin.post(path + "/password-reset").expect(204);

        api.get("/users/me", user.token()).expectInvalidToken();
        api.login(user.email(), Api.PASSWORD).expectProblem(403, "password-reset-required");
        assertThat(admin.put(path, Map.of("password", NEW_PASSWORD), "\"2\"")
                        .expect(200)
                        .body()
                        .path("password_reset_required")
                        .asBoolean())
                .isFalse();
        api.login(user.email(), NEW_PASSWORD).expect(200);
    }

    @Test
    void operatorEndsOneSessionOrAll() {
        TestSession first = api.newSession(user);
        TestSession second = api.newSession(user);
        UUID others = api.newSession(api.newUser()).id();

        admin.delete(path + "/sessions/" + others).expectProblem(404, "not-found");
        admin.delete(path + "/sessions/" + first.id()).expect(204);
        admin.delete(path + "/sessions/" + first.id()).expectProblem(404, "not-found");
        api.get("/users/me", first.accessToken()).expectInvalidToken();
        api.get("/users/me", second.accessToken()).expect(200);

        admin.delete(path + "/sessions").expect(204);
        api.get("/users/me", second.accessToken()).expectInvalidToken();
        api.get("/users/me", user.token()).expectInvalidToken();
        assertThat(events(user.id(), "session_ended")).hasSize(3);
    }

    @Test
    void failedPreconditionEndsNoSession() {
        TestSession session = api.newSession(user);

        for (String sessions : List.of("/sessions", "/sessions/" + session.id())) {
            admin.delete(path + sessions, "\"1\"").expectProblem(412, "version-conflict");
        }

        api.get("/users/me", session.accessToken()).expect(200);
        assertThat(events(user.id(), "session_ended")).isEmpty();
        admin.delete(path + "/sessions", "*").expect(204);
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, ''",
        "DELETE, ''",
        "POST, /disable",
        "POST, /enable",
        "POST, /password-reset",
        "DELETE, /sessions",
        "DELETE, /sessions/019ab6f0-0000-7000-8000-000000000000",
    })
    void unknownUserIsNotFound(String method, String rest) {
        for (String id : List.of("019ab6f0-0000-7000-8000-000000000000", "x", "me")) {
            admin.send(admin.request("/users/" + id + rest)
                            .header("Roster-Reason", AdminApi.REASON)
                            .header("If-Match", "*")
                            .header("Content-Type", "application/json")
                            .method(
                                    method,
                                    HttpRequest.BodyPublishers.ofString(
                                            method.equals("PUT") ? "{\"name\": \"A\"}" : "")))
                    .expectProblem(404, "not-found");
        }
    }

    /** Each write leaves one event of its own, with the key, the actor and the reason. */
    @Test
    void eachWriteLeavesItsEvent() {
        admin.put(path, Map.of("name", "Another Name"), "*").expect(200);
        admin.post(path + "/disable").expect(200);
        admin.post(path + "/enable").expect(200);
        admin.post(path + "/password-reset").expect(204);
        admin.delete(path, "*").expect(204);

        assertThat(strings("SELECT type FROM audit_events WHERE target_id = ? AND key_id IS NOT NULL"
                        + " AND type <> 'session_ended' ORDER BY occurred_at, id"))
                .containsExactly("details_changed", "disabled", "enabled", "password_reset_required", "deleted");
    }

    @Test
    void eventHasKeyActorAndReason() {
        admin.send(admin.request(path + "/disable")
                        .header("Roster-Reason", "UTF-8''Gr%C3%BC%C3%9Fe")
                        .header("Roster-Actor", "ada@example.org")
                        .POST(HttpRequest.BodyPublishers.noBody()))
                .expect(200);

        assertThat(strings("SELECT DISTINCT concat_ws(' ', length(key_id), actor, reason) FROM audit_events"
                        + " WHERE target_id = ? AND key_id IS NOT NULL"))
                .containsExactly("12 ada@example.org Grüße");
    }

    /** supabase/auth#794: no column can be set by naming it. */
    @Test
    void noColumnCanBeSetByNamingIt() {
        List<String> columns = ROSTER.jdbi().withHandle(handle -> handle.createQuery(
                        "SELECT column_name FROM information_schema.columns WHERE table_name = 'users'")
                .mapTo(String.class)
                .list());
        List<String> allowed = List.of("name", "email", "role", "profile", "metadata");
        List<String> sentBack = List.of("id", "created_at", "updated_at"); // port 8000: the present value only

        assertThat(columns).contains("password_hash", "disabled_at", "version").hasSizeGreaterThan(12);
        for (String column : columns) {
            Map<String, Object> body = new HashMap<>(Api.newBody(Api.newEmail()));
            body.putIfAbsent(column, "x");
            if (!allowed.contains(column)) {
                admin.post("/users", body).expectInvalid(column);
                admin.put(path, Map.of("name", "Another Name", column, "x"), "*")
                        .expectInvalid(column);
                api.register(body).expectInvalid(column);
                api.put(user.path(), user.token(), Map.of("name", "Another Name", column, "x"))
                        .expectInvalid(column);
            }
            if (sentBack.contains(column)) {
                String other = column.equals("id") ? UUID.randomUUID().toString() : FUTURE;
                api.put(user.path(), user.token(), Map.of("name", "Another Name", column, other))
                        .expectInvalid(column);
            }
        }
        api.put(user.path(), user.token(), Map.of("name", "A", "metadata", Map.of("a", 1)))
                .expectInvalid("metadata");
        api.put(user.path(), user.token(), Map.of("role", "admin")).expectProblem(403, "forbidden");
        assertThat(version()).isOne();
    }

    /** Z6: each version is changed once, and every change that was acknowledged is there. */
    @RepeatedTest(3)
    void racingWritersLoseNoUpdate() throws Exception {
        int writers = 32;
        int rounds = 5;
        List<List<Integer>> versions = Concurrently.run(writers, i -> {
            List<Integer> written = new ArrayList<>();
            int known = 1;
            for (int round = 0; round < rounds; round++) {
                Reply reply = admin.put(path, Map.of("name", "Writer " + i + " " + round), "\"" + known + "\"");
                if (reply.status() == 200) {
                    known = reply.body().path("version").asInt();
                    written.add(known);
                } else {
                    reply.expectProblem(412, "version-conflict");
                    known = (int) version();
                }
            }
            return written;
        });

        List<Integer> all = versions.stream().flatMap(List::stream).sorted().toList();
        assertThat(all)
                .isEqualTo(IntStream.rangeClosed(2, (int) version()).boxed().toList());
        assertThat(events(user.id(), "details_changed")).hasSameSizeAs(all);
    }

    @RepeatedTest(3)
    void oneOfManyWritersChangesAVersion() throws Exception {
        List<Reply> replies = Concurrently.run(32, i -> admin.put(path, Map.of("name", "Writer " + i), "\"1\""));

        assertThat(replies).filteredOn(reply -> reply.status() == 200).hasSize(1);
        assertThat(replies)
                .filteredOn(reply -> reply.status() != 200)
                .allSatisfy(reply -> reply.expectProblem(412, "version-conflict"));
        assertThat(version()).isEqualTo(2);
    }

    /** Whoever comes first, the person has the operator's name or is disabled, and never undoes it. */
    @RepeatedTest(5)
    void personCannotUndoOrSurviveADisable() throws Exception {
        List<Reply> replies = Concurrently.run(
                17,
                i -> i == 0
                        ? admin.post(path + "/disable")
                        : i % 2 == 0
                                ? api.put(user.path(), user.token(), Map.of("name", "Racer " + i))
                                : api.put(
                                        user.path(),
                                        user.token(),
                                        Map.of("password", NEW_PASSWORD, "current_password", Api.PASSWORD)));

        Reply disabled = replies.get(0).expect(200);
        long changed =
                replies.stream().skip(1).filter(reply -> reply.status() == 200).count();
        assertThat(version()).isEqualTo(changed + 2);
        assertThat(disabled.body().path("version").asLong()).isEqualTo(version()); // nothing came after it
        List<Integer> statuses = Arrays.asList(
                api.login(user.email(), Api.PASSWORD).status(),
                api.login(user.email(), NEW_PASSWORD).status());
        assertThat(statuses).containsExactlyInAnyOrder(401, 403);
        api.get("/users/me", user.token()).expectInvalidToken();
    }

    private long version() {
        return Long.parseLong(strings("SELECT version FROM users WHERE id = ?").get(0));
    }

    private List<String> events(UUID id, String... types) {
        return ROSTER.jdbi().withHandle(handle -> handle.createQuery("""
                        SELECT concat_ws(' ', type, details)
                          FROM audit_events
                         WHERE target_id = :id AND type = ANY (:types) AND details LIKE 'by_operator%'
                         ORDER BY occurred_at, id
                        """)
                .bind("id", id)
                .bindArray("types", String.class, (Object[]) types)
                .mapTo(String.class)
                .list());
    }

    private List<@Nullable String> strings(String sql) {
        return ROSTER.jdbi().withHandle(handle -> handle.createQuery(sql)
                .bind(0, user.id())
                .mapTo(String.class)
                .list());
    }
}
