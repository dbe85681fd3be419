package dev.roster.command.account;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import dev.roster.support.http.Routes;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

/** Which caller may use which route for which user, on every route of the running service. */
class OwnershipIT {
    private static final Routes RUNNING = new Routes();

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension().running(RUNNING::service);

    /** The rule of every route. {@link #everyRouteHasARule} fails if a route is missing or no longer exists. */
    private static final List<Route> ROUTES = List.of(
            new Route("POST /auth/register", Rule.ANYBODY),
            new Route("POST /auth/login", Rule.ANYBODY),
            new Route("POST /auth/refresh", Rule.ANYBODY),
            new Route("POST /auth/logout", Rule.USERS),
            new Route("GET /users", Rule.USERS),
            new Route("GET /users/me", Rule.USERS),
            new Route("PUT /users/me", Rule.USERS),
            new Route("DELETE /users/me", Rule.USERS),
            new Route("GET /users/me/sessions", Rule.USERS),
            new Route("DELETE /users/me/sessions", Rule.USERS),
            new Route("DELETE /users/me/sessions/{sid}", Rule.USERS),
            new Route("GET /users/{id}", Rule.USERS),
            new Route("PUT /users/{id}", Rule.OWNER),
            new Route("DELETE /users/{id}", Rule.OWNER),
            new Route("GET /users/{id}/sessions", Rule.OWNER),
            new Route("DELETE /users/{id}/sessions", Rule.OWNER),
            new Route("DELETE /users/{id}/sessions/{sid}", Rule.OWNER));

    /** The documentation is public and shows no user. */
    private static final List<String> DOCUMENTATION =
            List.of("GET /", "GET /docs", "GET /docs/{name}", "GET /openapi.yaml", "GET /openapi.json");

    /** Those with a key are closed without its scope: ServiceKeysIT. */
    private static final List<String> OF_OTHER_SERVICES = List.of(
            "POST /oauth/introspect",
            "POST /oauth/revoke",
            "GET /api/v1/revocations",
            "GET /.well-known/jwks.json",
            "GET /.well-known/oauth-authorization-server",
            "GET /.well-known/oauth-authorization-server/{path: .+}");

    private final Api api = ROSTER.api();
    private final Api.TestUser owner = api.newUser();
    private final Api.TestUser other = api.newUser();
    private final Api.TestUser deleted = api.newUser();

    /** Who may use a route. */
    enum Rule {
        ANYBODY,
        /** Anybody with an access token. */
        USERS,
        /** Only the user whose id is in the path. */
        OWNER
    }

    enum Caller {
        ANONYMOUS,
        BAD_TOKEN,
        REFRESH_TOKEN,
        USER,
        ADMIN,
        DELETED
    }

    enum Target {
        OWN,
        OTHER,
        UNKNOWN,
        DELETED,
        NO_UUID
    }

    private record Route(String route, Rule rule) {
        String method() {
            return route.substring(0, route.indexOf(' '));
        }

        String path() {
            return route.substring(route.indexOf(' ') + 1);
        }

        boolean hasUserId() {
            return path().contains("{id}");
        }

        @Override
        public String toString() {
            return route;
        }
    }

    /** API1:2023 of the OWASP API Security Top 10: a new route needs a rule. */
    @Test
    void everyRouteHasARule() {
        assertThat(RUNNING.list())
                .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                ROUTES.stream().map(route -> route.method() + " /api/v1" + route.path()),
                                Stream.concat(DOCUMENTATION.stream(), OF_OTHER_SERVICES.stream()))
                        .toList());
    }

    static Stream<Route> protectedRoutes() {
        return ROUTES.stream().filter(route -> route.rule() != Rule.ANYBODY);
    }

    static Stream<Arguments> matrix() {
        return Stream.of(Caller.values())
                .flatMap(caller -> ROUTES.stream().filter(Route::hasUserId).flatMap(route -> Stream.of(Target.values())
                        .map(target -> Arguments.of(caller, route, target))));
    }

    /** Z1 */
    @ParameterizedTest
    @MethodSource("matrix")
    void accessDependsOnTheCallerAndNotOnTheRole(Caller caller, Route route, Target target) {
        String token = token(caller);
        api.delete(deleted.path(), deleted.token()).expect(204);
        JsonNode before = read(other);

        Reply reply = call(route, target, token);

        switch (caller) {
            case ANONYMOUS -> reply.expectUnauthenticated();
            case BAD_TOKEN, REFRESH_TOKEN, DELETED -> reply.expectInvalidToken();
            case USER, ADMIN -> expectAnswer(reply, route, target);
        }
        assertThat(read(other)).isEqualTo(before); // also proves that the other user's session is open
    }

    /** Z2 */
    @ParameterizedTest
    @MethodSource("protectedRoutes")
    void protectedRouteRequiresAnAccessToken(Route route) {
        call(route, Target.OWN, null).expectUnauthenticated();
        for (Caller caller : List.of(Caller.BAD_TOKEN, Caller.REFRESH_TOKEN)) {
            call(route, Target.OWN, token(caller)).expectInvalidToken();
        }
    }

    /** Z1 */
    @ParameterizedTest
    @EnumSource(Caller.class)
    void publicRouteIgnoresTheToken(Caller caller) {
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
    void noMemberOfAnotherUserCanBeChanged(Map<String, String> change) {
        JsonNode before = read(other);

        api.put(other.path(), owner.token(), change).expectProblem(403, "forbidden");

        assertThat(read(other)).isEqualTo(before);
        api.login(other.email(), Api.PASSWORD).expect(200);
    }

    /** Z2, E1 */
    @ParameterizedTest
    @MethodSource("protectedRoutes")
    void answersWithoutAValidTokenDoNotDependOnTheId(Route route) {
        api.delete(deleted.path(), deleted.token()).expect(204);
        for (String token : Arrays.asList(null, "garbage")) {
            List<List<Object>> answers = Stream.of(Target.values())
                    .map(target -> comparable(call(route, target, token).expect(401)))
                    .toList();

            assertThat(answers).containsOnly(answers.get(0));
        }
    }

    /** Z4 */
    @ParameterizedTest
    @ValueSource(strings = {"id", "user_id", "sub", "userId", "owner"})
    void userIdInTheBodyIsRefused(String member) {
        JsonNode before = read(other);

        api.put(owner.path(), owner.token(), Map.of("name", "B", member, other.id()))
                .expectInvalid(member);
        Reply reply = api.put(other.path(), owner.token(), Map.of("name", "B", member, owner.id()));
        if (member.equals("id")) { // a known, read-only member
            reply.expectProblem(403, "forbidden");
        } else {
            reply.expectInvalid(member);
        }

        assertThat(read(other)).isEqualTo(before);
        assertThat(read(owner).path("name").textValue()).isEqualTo("A Person");
    }

    /** Z4 */
    @ParameterizedTest
    @ValueSource(strings = {"id", "user_id", "sub", "access_token"})
    void userIdInTheQueryIsIgnored(String parameter) {
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
    void userIdInAHeaderIsIgnored() {
        Reply reply = api.send(api.request("/users/me", owner.token())
                .header("X-User-Id", other.id().toString())
                .header("X-Forwarded-User", other.id().toString())
                .header("From", other.email())
                .GET());

        assertThat(reply.expect(200).body()).isEqualTo(read(owner));
    }

    private Reply call(Route route, Target target, @Nullable String token) {
        String path = route.path().replace("{id}", id(target)).replace("{sid}", sessionId(target));
        String body = route.method().equals("PUT") ? "{\"name\":\"B\"}" : "";
        HttpRequest.Builder request = api.request(path, token)
                .method(route.method(), body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        return api.send(body.isEmpty() ? request : request.header("Content-Type", "application/json"));
    }

    private String id(Target target) {
        return switch (target) {
            case OWN -> owner.id().toString();
            case OTHER -> other.id().toString();
            case UNKNOWN -> UUID.randomUUID().toString();
            case DELETED -> deleted.id().toString();
            case NO_UUID -> "none";
        };
    }

    private String sessionId(Target target) {
        return switch (target) {
            case OWN -> sessionId(owner);
            case OTHER -> sessionId(other);
            case UNKNOWN -> UUID.randomUUID().toString();
            case DELETED -> sessionId(deleted);
            case NO_UUID -> "none";
        };
    }

    private static String sessionId(Api.TestUser user) {
        return TestTokens.read(user.token()).path("sid").asText();
    }

    private @Nullable String token(Caller caller) {
        return switch (caller) {
            case ANONYMOUS -> null;
            case BAD_TOKEN -> "garbage";
            case REFRESH_TOKEN -> api.newSession(owner).refreshToken();
            case USER -> owner.token();
            case ADMIN -> {
                api.put(owner.path(), owner.token(), Map.of("role", "admin")).expect(200);
                yield owner.token();
            }
            case DELETED -> deleted.token();
        };
    }

    private static void expectAnswer(Reply reply, Route route, Target target) {
        switch (target) {
            case OWN -> reply.expect(route.method().equals("DELETE") ? 204 : 200);
            case OTHER -> {
                if (route.rule() == Rule.OWNER) {
                    reply.expectProblem(403, "forbidden");
                } else {
                    reply.expect(200);
                }
            }
            case UNKNOWN, DELETED, NO_UUID -> reply.expectProblem(404, "not-found");
        }
    }

    /** Z1: the session id of another user, below the caller's own path. */
    @Test
    void sessionOfAnotherUserCannotBeEnded() {
        api.delete(owner.sessionsPath() + "/" + sessionId(other), owner.token()).expectProblem(404, "not-found");

        read(other);
    }

    private Reply post(String path, @Nullable String token, Map<String, ?> body) {
        return api.send(api.request(path, token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(TestTokens.json(body))));
    }

    private JsonNode read(Api.TestUser user) {
        return api.get(user.path(), user.token()).expect(200).body();
    }

    /** The answer without the values that differ on every request. */
    private static List<Object> comparable(Reply reply) {
        Map<String, List<String>> headers = new TreeMap<>(reply.headers().map());
        headers.keySet()
                .removeAll(
                        List.of("date", "x-request-id", "traceresponse", "content-length")); // the body holds the path
        ObjectNode body = reply.body().deepCopy();
        return List.of(reply.status(), headers, body.without(List.of("request_id", "instance")));
    }
}
