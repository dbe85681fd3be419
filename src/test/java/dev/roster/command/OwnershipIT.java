package dev.roster.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roster.support.Api;
import dev.roster.support.Reply;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what to whom. */
class OwnershipIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    private final Api api = ROSTER.api();
    private final Api.TestUser owner = api.newUser();
    private final Api.TestUser other = api.newUser();
    private final Api.TestUser deleted = api.newUser();

    enum Caller {
        ANONYMOUS,
        BAD_TOKEN,
        USER,
        ADMIN,
        DELETED
    }

    enum Target {
        OWN,
        OTHER,
        UNKNOWN,
        DELETED
    }

    enum Route {
        GET,
        PUT,
        DELETE
    }

    static Stream<Arguments> matrix() {
        return Stream.of(Caller.values()).flatMap(caller -> Stream.of(Route.values())
                .flatMap(route -> Stream.of(Target.values()).map(target -> Arguments.of(caller, route, target))));
    }

    /** Z1 */
    @ParameterizedTest
    @MethodSource("matrix")
    void isDecidedByWhoCallsAndNotByTheRole(Caller caller, Route route, Target target) {
        String token = token(caller);
        api.delete(deleted.path(), deleted.token()).expect(204);
        JsonNode before = read(other);

        Reply reply = call(route, path(target), token);

        switch (caller) {
            case ANONYMOUS -> reply.expectUnauthenticated();
            case BAD_TOKEN, DELETED -> reply.expectInvalidToken();
            case USER, ADMIN -> expectAnswer(reply, route, target);
        }
        assertThat(read(other)).isEqualTo(before);
    }

    /** Z1 */
    @ParameterizedTest
    @EnumSource(Caller.class)
    void letsAnybodyInWhateverTokenIsSentAlong(Caller caller) {
        String token = token(caller);
        api.delete(deleted.path(), deleted.token()).expect(204);
        String email = Api.newEmail();

        post("/auth/register", token, Api.newBody(email)).expect(201);
        post("/auth/login", token, Map.of("email", email, "password", Api.PASSWORD))
                .expect(200);
    }

    static Stream<Map<String, String>> changes() {
        return Stream.of(
                Map.of("name", "B"),
                Map.of("email", "b@example.com"),
                Map.of("role", "admin"),
                Map.of("password", "Another-Horse-9", "current_password", Api.PASSWORD));
    }

    /** Z1 */
    @ParameterizedTest
    @MethodSource("changes")
    void keepsEveryMemberFromOthers(Map<String, String> change) {
        JsonNode before = read(other);

        api.put(other.path(), owner.token(), change).expectProblem(403, "forbidden");

        assertThat(read(other)).isEqualTo(before);
        api.login(other.email(), Api.PASSWORD).expect(200);
    }

    /** Z2 */
    @ParameterizedTest
    @EnumSource(Route.class)
    void tellsWhoHasNoTokenNothingOfAnId(Route route) {
        List<JsonNode> answers = Stream.of(owner.path(), "/users/" + UUID.randomUUID(), "/users/none")
                .map(path -> withoutIdOfTheRequest(call(route, path, null).expectUnauthenticated()))
                .toList();

        assertThat(answers).containsOnly(answers.get(0));
    }

    /** Z4 */
    @ParameterizedTest
    @ValueSource(strings = {"id", "user_id", "sub", "userId", "owner"})
    void takesNoIdFromTheBody(String member) {
        JsonNode before = read(other);

        api.put(owner.path(), owner.token(), Map.of("name", "B", member, other.id()))
                .expectInvalid(member);
        api.put(other.path(), owner.token(), Map.of("name", "B", member, owner.id()))
                .expectInvalid(member);

        assertThat(read(other)).isEqualTo(before);
        assertThat(read(owner).path("name").textValue()).isEqualTo("A Person");
    }

    /** Z4 */
    @ParameterizedTest
    @ValueSource(strings = {"id", "user_id", "sub", "access_token"})
    void takesNoIdFromTheQuery(String parameter) {
        String toOther = "?" + parameter + "=" + other.id();
        String toOwner = "?" + parameter + "=" + owner.id();
        JsonNode before = read(other);

        assertThat(api.get("/users/me" + toOther, owner.token()).expect(200).body())
                .isEqualTo(read(owner));
        api.put(other.path() + toOwner, owner.token(), Map.of("name", "B")).expectProblem(403, "forbidden");
        api.delete(other.path() + toOwner, owner.token()).expectProblem(403, "forbidden");
        api.delete(owner.path() + toOther, owner.token()).expect(204);

        assertThat(read(other)).isEqualTo(before);
    }

    /** Z4 */
    @Test
    void takesNoIdFromAnotherHeader() {
        Reply reply = api.send(api.request("/users/me", owner.token())
                .header("X-User-Id", other.id().toString())
                .header("X-Forwarded-User", other.id().toString())
                .header("From", other.email())
                .GET());

        assertThat(reply.expect(200).body()).isEqualTo(read(owner));
    }

    private String path(Target target) {
        return switch (target) {
            case OWN -> owner.path();
            case OTHER -> other.path();
            case UNKNOWN -> "/users/" + UUID.randomUUID();
            case DELETED -> deleted.path();
        };
    }

    private @Nullable String token(Caller caller) {
        return switch (caller) {
            case ANONYMOUS -> null;
            case BAD_TOKEN -> "garbage";
            case USER -> owner.token();
            case ADMIN -> {
                api.put(owner.path(), owner.token(), Map.of("role", "admin")).expect(200);
                yield owner.token();
            }
            case DELETED -> deleted.token();
        };
    }

    private Reply call(Route route, String path, @Nullable String token) {
        return switch (route) {
            case GET -> api.get(path, token);
            case PUT -> api.put(path, token, Map.of("name", "B"));
            case DELETE -> api.delete(path, token);
        };
    }

    private static void expectAnswer(Reply reply, Route route, Target target) {
        switch (target) {
            case OWN -> reply.expect(route == Route.DELETE ? 204 : 200);
            case OTHER -> {
                if (route == Route.GET) {
                    reply.expect(200);
                } else {
                    reply.expectProblem(403, "forbidden");
                }
            }
            case UNKNOWN, DELETED -> reply.expectProblem(404, "not-found");
        }
    }

    private Reply post(String path, @Nullable String token, Map<String, ?> body) {
        return api.send(api.request(path, token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(TestTokens.json(body))));
    }

    private JsonNode read(Api.TestUser user) {
        return api.get(user.path(), user.token()).expect(200).body();
    }

    private static JsonNode withoutIdOfTheRequest(Reply reply) {
        ObjectNode body = reply.body().deepCopy();
        return body.without(List.of("request_id", "instance"));
    }
}
