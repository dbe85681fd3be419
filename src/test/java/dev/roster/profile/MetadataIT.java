package dev.roster.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.OpenApi;
import dev.roster.support.http.Reply;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What operators keep about a person does not leave port 8000. */
class MetadataIT {
    private static final String SECRET = "known-to-operators-only";

    @RegisterExtension
    static final RosterExtension ROSTER = RosterExtension.shared();

    private final Api api = ROSTER.api();
    private final Api.TestUser user = api.newUser();
    private final Api.TestUser other = api.newUser();

    @Test
    void answersOfTheApiPortHaveNoMetadata() {
        setMetadata();
        Map<String, Reply> answers = new LinkedHashMap<>();
        answers.put("logIn", api.login(user.email(), Api.PASSWORD));
        TestSession session = TestSession.of(answers.get("logIn"));
        answers.put("refresh", api.refresh(session.refreshToken()));
        answers.put("listUsers", api.get("/users?q=" + user.email(), other.token()));
        answers.put("getMe", api.get("/users/me", user.token()));
        answers.put("getUser", api.get(user.path(), other.token()));
        answers.put("updateMe", api.put("/users/me", user.token(), Map.of("name", "B")));
        answers.put("updateUser", api.put(user.path(), user.token(), Map.of("profile", Map.of("a", 1))));
        answers.put("listMySessions", api.get("/users/me/sessions", user.token()));
        answers.put("listSessions", api.get(user.sessionsPath(), user.token()));
        answers.put("endMySession", api.delete("/users/me/sessions/" + session.id(), user.token()));
        answers.put(
                "endSession",
                api.delete(user.sessionsPath() + "/" + api.newSession(user).id(), user.token()));
        Map<String, Object> body = Api.newBody(user.email());
        answers.put("register", api.register(body));
        answers.put("logOut", api.logout(api.newToken(user.email())));
        answers.put("endAllMySessions", api.delete("/users/me/sessions", user.token()));
        answers.put("endAllSessions", api.delete(user.sessionsPath(), api.newToken(user.email())));
        Api.TestUser leaving = api.newUser();
        answers.put("deleteMe", api.delete("/users/me", leaving.token()));
        answers.put("deleteUser", api.delete(user.path(), api.newToken(user.email())));

        assertThat(answers.keySet())
                .containsAll(OpenApi.USERS.operations().stream()
                        .filter(operation ->
                                !operation.node().at("/tags/0").asText().equals("Other services"))
                        .map(OpenApi.Operation::id)
                        .collect(Collectors.toSet()));
        assertThat(answers.values()).allSatisfy(answer -> assertThat(answer.text() + answer.headers())
                .doesNotContain(SECRET, "metadata"));
    }

    @Test
    void apiPortAcceptsNoMetadata() {
        api.put(user.path(), user.token(), "{\"metadata\":{\"a\":1}}").expectInvalid("body", "metadata");
        Map<String, Object> body = Api.newBody(Api.newEmail());
        body.put("metadata", Map.of("a", 1));
        api.register(body).expectInvalid("metadata");
    }

    private void setMetadata() {
        ROSTER.jdbi().useHandle(handle -> handle.createUpdate(
                        "UPDATE users SET metadata = jsonb_build_object('note', :note) WHERE id = :id")
                .bind("note", SECRET)
                .bind("id", user.id())
                .execute());
    }
}
