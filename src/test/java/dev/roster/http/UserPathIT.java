package dev.roster.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever works for the caller at {@code /users/{id}} works at {@code /users/me}. */
class UserPathIT {
    private static final String NEW_PASSWORD = "Another-Horse-9";

    @RegisterExtension
    static final RosterExtension ROSTER = RosterExtension.shared();

    private final Api api = ROSTER.api();
    private final TestUser user = api.newUser();
    private final TestUser other = api.newUser();
    private final JsonNode otherBefore = read(other);

    @Test
    void callerIsChangedAtMe() {
        Reply reply = api.put("/users/me", user.token(), Map.of("name", "B")).expect(200);

        assertThat(reply.header("ETag")).isEqualTo("\"2-" + user.id() + "\"");
        assertThat(reply.header("Cache-Control")).isEqualTo("private, no-cache");
        assertThat(reply.header("Vary")).isEqualTo("Authorization");
        assertThat(reply.header("Consistency-Token")).isNotNull();
        assertThat(reply.body().path("name").textValue()).isEqualTo("B");
        assertThat(reply.body()).isEqualTo(read(user));
        assertThat(reply.body()).isEqualTo(api.get("/users/me", user.token()).body());
        assertThat(read(other)).isEqualTo(otherBefore);
        assertThat(events("target_id = actor_id AND target_id = '" + user.id() + "'"))
                .containsExactly("registered", "logged_in", "details_changed");
    }

    @Test
    void changeAtMeIsCheckedLikeOneAtTheId() {
        for (String path : List.of("/users/me", user.path())) {
            api.put(path, user.token(), Map.of()).expectInvalid("body");
            api.put(path, user.token(), Map.of("name", "", "email", "@", "x", 1))
                    .expectInvalid("name", "email", "x");
            api.put(path, user.token(), Map.of("name", "B", "id", other.id())).expectInvalid("id");
            api.put(path, user.token(), Map.of("email", other.email())).expectProblem(409, "email-taken");
            api.put(path, user.token(), Map.of("password", NEW_PASSWORD, "current_password", "wrong"))
                    .expectProblem(403, "forbidden");
            api.put(path, user.token(), "{").expectProblem(400, "malformed");
            api.send(api.request(path, user.token())
                            .header("Content-Type", "text/plain")
                            .PUT(BodyPublishers.ofString("x")))
                    .expectProblem(415, "unsupported-media-type");
        }
        assertThat(api.get(user.path(), user.token()).header("ETag")).isEqualTo("\"1\"");
    }

    @Test
    void passwordIsChangedAtMe() {
        String elsewhere = api.newToken(user.email());

        api.put("/users/me", user.token(), Map.of("password", NEW_PASSWORD, "current_password", Api.PASSWORD))
                .expect(200);

        api.get("/users/me", elsewhere).expectInvalidToken();
        api.login(user.email(), NEW_PASSWORD).expect(200);
    }

    /** A version alone could be that of another user, as in a GET. */
    @Test
    void preconditionsAtMeNeedTheTagOfMe() {
        String first = tagOfMe(user);
        for (String tag : List.of("\"1\"", tagOfMe(other), "\"9-" + user.id() + "\"")) {
            Reply refused =
                    api.put("/users/me", user.token(), Map.of("name", "B"), tag).expectProblem(412, "version-conflict");
            assertThat(refused.body().path("detail").textValue())
                    .isEqualTo("If-Match does not list the present entity tag, " + first + ".");
            delete("/users/me", user, "If-Match", tag).expectProblem(412, "version-conflict");
        }

        String second = api.put("/users/me", user.token(), Map.of("name", "B"), first)
                .expect(200)
                .header("ETag");

        api.put("/users/me", user.token(), Map.of("name", "C"), first).expectProblem(412, "version-conflict");
        delete("/users/me", user, "If-None-Match", String.valueOf(second)).expectProblem(412, "version-conflict");
        api.put(user.path(), user.token(), Map.of("name", "C"), String.valueOf(second))
                .expect(200);
        delete("/users/me", user, "If-Match", tagOfMe(user)).expect(204);
    }

    @Test
    void callerIsDeletedAtMe() {
        Reply reply = api.delete("/users/me", user.token()).expect(204);

        assertThat(reply.header("Consistency-Token")).isNotNull();
        for (String method : List.of("GET", "PUT", "DELETE")) {
            api.send(api.request("/users/me", user.token())
                            .header("Content-Type", "application/json")
                            .method(method, BodyPublishers.ofString(method.equals("PUT") ? "{\"name\":\"B\"}" : "")))
                    .expectInvalidToken();
        }
        api.get(user.path(), other.token()).expectProblem(404, "not-found");
        assertThat(events("target_id = '" + user.id() + "'")).endsWith("deleted");
        assertThat(read(other)).isEqualTo(otherBefore);
        api.register(Api.newBody(user.email())).expect(201);
    }

    @Test
    void sessionsOfTheCallerAreListedAndEndedAtMe() {
        TestSession second = api.newSession(user);
        TestSession third = api.newSession(user);
        String path = "/users/me/sessions";

        JsonNode listed = api.get(path, user.token()).expect(200).body();

        assertThat(listed).isEqualTo(api.get(user.sessionsPath(), user.token()).body());
        assertThat(listed.path("sessions")).hasSize(3);
        api.delete(path + "/" + second.id(), user.token()).expect(204);
        api.get("/users/me", second.accessToken()).expectInvalidToken();
        api.delete(path + "/" + second.id(), user.token()).expectProblem(404, "not-found");
        api.delete(path + "/" + sessionOf(other), user.token()).expectProblem(404, "not-found");
        api.delete(path, third.accessToken()).expect(204);
        api.get("/users/me", third.accessToken()).expectInvalidToken();
        api.get("/users/me", user.token()).expectInvalidToken();
        assertThat(read(other)).isEqualTo(otherBefore);
        assertThat(events("type = 'session_ended' AND target_id = '" + user.id() + "'"))
                .hasSize(3);
    }

    @Test
    void everyRouteAtMeNeedsAToken() {
        String sid = sessionOf(user).toString();
        for (String route : List.of(
                "GET /users/me",
                "PUT /users/me",
                "DELETE /users/me",
                "GET /users/me/sessions",
                "DELETE /users/me/sessions",
                "DELETE /users/me/sessions/" + sid)) {
            String[] parts = route.split(" ", -1);
            api.send(api.request(parts[1]).method(parts[0], BodyPublishers.noBody()))
                    .expectUnauthenticated();
            api.send(api.request(parts[1], "garbage").method(parts[0], BodyPublishers.noBody()))
                    .expectInvalidToken();
        }
        api.get("/users/me", user.token()).expect(200);
    }

    private Reply delete(String path, TestUser caller, String header, String value) {
        return api.send(api.request(path, caller.token()).header(header, value).DELETE());
    }

    private JsonNode read(TestUser who) {
        return api.get(who.path(), who.token()).expect(200).body();
    }

    private String tagOfMe(TestUser who) {
        return String.valueOf(api.get("/users/me", who.token()).expect(200).header("ETag"));
    }

    private static UUID sessionOf(TestUser who) {
        return UUID.fromString(TestTokens.read(who.token()).path("sid").asText());
    }

    private static List<String> events(String condition) {
        return ROSTER.jdbi().withHandle(handle -> handle.createQuery(
                        "SELECT type FROM audit_events WHERE " + condition + " ORDER BY occurred_at, id")
                .mapTo(String.class)
                .list());
    }
}
