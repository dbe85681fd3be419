package dev.roster.directory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import dev.roster.support.http.Requests;
import dev.roster.support.http.Routes;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With {@code DIRECTORY=self}, no route tells of another user, not even whether there is one. */
class DirectoryIT {
    private static final Routes RUNNING = new Routes();

    @RegisterExtension
    static final RosterExtension ROSTER =
            new RosterExtension().running(RUNNING::service).with("DIRECTORY", "self");

    private final Api api = ROSTER.api();
    private final Requests requests = new Requests(api);
    private final TestUser user = api.newUser();
    private final TestUser other = api.newUser();
    private final UUID session = api.newSession(other).id();

    /** Asks every route of the running service: a new one is among them. */
    @ParameterizedTest
    @ValueSource(strings = {"{\"name\":\"Zaphod\"}", "{", ""})
    void otherUsersAndUnknownIdsGetTheSameAnswer(String body) {
        List<String> routes =
                RUNNING.ofApi().stream().filter(route -> route.contains("{id}")).toList();
        JsonNode before = own(other);

        assertThat(routes).hasSizeGreaterThan(5).allSatisfy(route -> {
            Reply ofOther = call(route, other.id(), body);
            Reply ofNobody = call(route, UUID.randomUUID(), body);

            ofOther.expectProblem(403, "forbidden");
            assertThat(withoutRequest(ofOther)).isEqualTo(withoutRequest(ofNobody));
            assertThat(ofOther.headers().map().keySet())
                    .isEqualTo(ofNobody.headers().map().keySet());
        });
        assertThat(own(other)).isEqualTo(before);
        assertThat(api.get(other.sessionsPath(), other.token())
                        .expect(200)
                        .body()
                        .path("sessions"))
                .hasSize(2);
    }

    @Test
    void usersSeeAndChangeThemselves() {
        String upperCase = "/users/" + user.id().toString().toUpperCase(Locale.ROOT);
        for (String path : List.of("/users/me", user.path(), upperCase)) {
            api.get(path, user.token()).expect(200);
            api.get(path + "/sessions", user.token()).expect(200);
            api.put(path, user.token(), "{\"name\":\"Trillian\"}").expect(200);
        }
        api.delete(user.path(), user.token()).expect(204);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/users", "/api/v1/users?q=a", "/api/v1/users?limit=x", "/api/v1/users/"})
    void listIsRefused(String path) {
        requests.send("GET", path, user.token(), null).expectProblem(403, "forbidden");
        requests.send("HEAD", path, user.token(), null).expect(403);
    }

    @Test
    void callersAuthenticateFirst() {
        requests.send("GET", "/api/v1/users", null, null).expectProblem(401, "unauthenticated");
        requests.send("GET", "/api/v1/users/" + other.id(), null, null).expectProblem(401, "unauthenticated");
        requests.send("GET", "/api/v1/users/" + other.id(), "x", null).expectProblem(401, "invalid-token");
    }

    @Test
    void malformedIdIsNotFound() {
        requests.send("GET", "/api/v1/users/you", user.token(), null).expectProblem(404, "not-found");
    }

    private JsonNode own(TestUser person) {
        return api.get(person.path(), person.token()).expect(200).body();
    }

    private Reply call(String route, UUID id, String body) {
        String[] parts = route.replace("{id}", id.toString())
                .replace("{sid}", session.toString())
                .split(" ", 2);
        boolean hasBody = parts[0].equals("PUT") || parts[0].equals("POST");
        return requests.send(parts[0], parts[1], user.token(), hasBody ? body : null);
    }

    private static JsonNode withoutRequest(Reply reply) {
        return ((ObjectNode) reply.body()).without(List.of("instance", "request_id"));
    }
}
