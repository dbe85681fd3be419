package dev.roster.admin.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roster.apikey.Scope;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.http.AdminApi;
import dev.roster.support.http.AdminRoutes;
import dev.roster.support.http.AdminRoutes.Route;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which caller may use which route of the operators' API: every route that the running service has registered. */
class AdminScopesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .with("ADDRESS_FAILURES", "0")
            .with("API_KEY_REQUESTS", "0")
            .with("API_KEY_DELETIONS", "0");

    private static final List<String> TABLES = List.of("users", "sessions", "token_blocklist", "audit_events");

    private final Api api = ROSTER.api();
    private final Api.TestUser user = api.newUser();
    private final AdminApi admin = new AdminApi(ROSTER.admin(), null);
    private final List<Route> routes = AdminRoutes.of(ROSTER);

    @Test
    void everyRouteHasAScope() {
        assertThat(routes).hasSizeGreaterThan(2).allMatch(route -> route.scope() != null);
    }

    @Test
    void requestsWithoutAValidKeyAreRefusedAndChangeNothing() {
        String unknown = TestKeys.make(ROSTER.jdbi(), Scope.values());
        forget(unknown);
        String expired = changed("expires_at");
        String revoked = changed("revoked_at");
        for (String dead : List.of(unknown, expired, revoked)) {
            Poll.until("refused", PATIENCE, () -> admin.with(dead).get("/keys").status() == 401);
        }
        String live = TestKeys.makeForAll(ROSTER.jdbi());
        List<String> tokens = new ArrayList<>(Arrays.asList(
                null,
                "",
                "garbage",
                unknown,
                expired,
                revoked,
                user.token(),
                api.newSession(user).refreshToken(),
                live.substring(0, live.length() - 1),
                live + "A",
                live.substring(0, 16) + "A".repeat(43),
                live.replaceFirst("rk_", "RK_"),
                live.replaceFirst("rk_", "")));
        List<JsonNode> bodies = new ArrayList<>();
        List<List<String>> before = contents();

        for (Route route : routes) {
            for (String token : tokens) {
                Reply reply = call(ROSTER.admin(), route, token);

                reply.expectProblem(401, "unauthenticated");
                assertThat(reply.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"roster-admin\"");
                bodies.add(((ObjectNode) reply.body()).deepCopy().without(List.of("request_id", "instance")));
            }
        }

        assertThat(contents()).isEqualTo(before);
        assertThat(new HashSet<>(bodies)).hasSize(1);
        assertThat(bodies.get(0).path("detail").asText())
                .isEqualTo("This request needs an API key. Send it in a header: Authorization: Bearer <key>");
    }

    @Test
    void requestsWithoutTheScopeAreRefusedAndChangeNothing() {
        List<List<String>> before = contents();

        for (Route route : routes) {
            Scope needed = Objects.requireNonNull(route.scope());
            Scope[] others = Arrays.stream(Scope.values())
                    .filter(scope -> scope != needed)
                    .toArray(Scope[]::new);
            Reply reply = call(ROSTER.admin(), route, TestKeys.make(ROSTER.jdbi(), others));

            reply.expectProblem(403, "insufficient-scope");
            assertThat(reply.body().path("detail").asText())
                    .isEqualTo("The key needs the scope " + needed.id() + " for this request.");
            assertThat(reply.header("WWW-Authenticate"))
                    .isEqualTo("Bearer realm=\"roster-admin\", error=\"insufficient_scope\"");
        }

        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void requestsWithTheScopeAreAllowed() {
        for (Route route : routes) {
            String key = TestKeys.make(ROSTER.jdbi(), Objects.requireNonNull(route.scope()));

            assertThat(call(ROSTER.admin(), route, key).status())
                    .as(route.toString())
                    .isNotIn(401, 403, 405, 500);
        }
    }

    @Test
    void apiPortDoesNotServeTheRoutesOfTheAdminPort() {
        String key = TestKeys.makeForAll(ROSTER.jdbi());
        List<List<String>> before = contents();

        for (Route route : routes) {
            for (String token : List.of(key, user.token())) {
                call(api.base(), route, token).expectProblem(404, "not-found");
            }
        }

        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void apiPortRefusesAKeyAsAnAccessToken() {
        String key = TestKeys.makeForAll(ROSTER.jdbi());

        api.get("/users/me", key).expectInvalidToken();
        api.get(user.path(), key).expectInvalidToken();
        api.delete(user.path(), key).expectInvalidToken();
        api.logout(key).expectInvalidToken();
    }

    @Test
    void writesWithoutAReasonAreRefused() {
        String key = TestKeys.makeForAll(ROSTER.jdbi());
        List<List<String>> before = contents();

        assertThat(routes).anyMatch(Route::isWrite);
        for (Route route : routes) {
            Reply reply = admin.send(request(ROSTER.admin(), route, key));
            if (route.isWrite()) {
                reply.expectInvalid("Roster-Reason");
                assertThat(reply.body().at("/errors/0/code").asText()).isEqualTo("missing");
            } else {
                assertThat(reply.status()).isNotIn(401, 403, 405, 500);
            }
        }

        assertThat(contents()).isEqualTo(before);
    }

    /** A matrix parameter must not turn a path of the API into one that needs no key. */
    @Test
    void pathsWithMatrixParametersAreRefused() {
        String key = TestKeys.makeForAll(ROSTER.jdbi());
        List<List<String>> before = contents();

        for (Route route : routes) {
            for (String path : List.of(
                    route.path().replaceFirst("/admin", "/admin;x"),
                    route.path().replaceFirst("/v1", "/v1;x=y"),
                    "/;x" + route.path(),
                    route.path() + ";x")) {
                Route written = new Route(route.method(), path, null, null);
                for (@Nullable String token : Arrays.asList(null, key)) {
                    assertThat(call(ROSTER.admin(), written, token).status())
                            .as(written.toString())
                            .isIn(400, 404);
                }
            }
        }

        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void unknownPathsAndMethodsGetProblems() {
        AdminApi withKey = admin.with(TestKeys.makeForAll(ROSTER.jdbi()));

        withKey.get("/nothing").expectProblem(404, "not-found");
        Reply reply = withKey.send(withKey.request("/keys").method("PATCH", BodyPublishers.noBody()));
        reply.expectProblem(405, "method-not-allowed");
        assertThat(reply.header("Allow")).isEqualTo("GET, HEAD, POST");
        withKey.send(withKey.request("/keys").method("OPTIONS", BodyPublishers.noBody()))
                .expectProblem(405, "method-not-allowed");
        withKey.send(withKey.request("/keys").method("HEAD", BodyPublishers.noBody()))
                .expect(200);
    }

    @Test
    void bodiesAreReadAsStrictlyAsOnTheApiPort() {
        AdminApi withKey = admin.with(TestKeys.makeForAll(ROSTER.jdbi()));

        withKey.post("/keys", "{").expectProblem(400, "malformed");
        withKey.post("/keys", "{\"name\":\"a\",\"name\":\"b\",\"scopes\":[]}").expectProblem(400, "malformed");
        withKey.post("/keys", "[]").expectInvalid("body");
        withKey.post("/keys", " ".repeat(16 * 1024 + 1)).expectProblem(413, "too-large");
        for (String type : List.of("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x")) {
            withKey.send(withKey.request("/keys")
                            .header("Roster-Reason", "x")
                            .header("Content-Type", type)
                            .POST(BodyPublishers.ofString("{}")))
                    .expectProblem(415, "unsupported-media-type");
        }
        withKey.send(withKey.request("/keys").header("Accept", "text/html").GET())
                .expectProblem(406, "not-acceptable");
    }

    private Reply call(URI port, Route route, @Nullable String token) {
        return admin.send(request(port, route, token).header("Roster-Reason", AdminApi.REASON));
    }

    private HttpRequest.Builder request(URI port, Route route, @Nullable String token) {
        String path = route.path().startsWith("/admin/v1/users")
                ? route.path().replace("{id}", user.id().toString())
                : route.path();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(port + new Route(route.method(), path, null, null).anyPath()));
        if (Set.of("POST", "PUT").contains(route.method())) {
            request.header("Content-Type", "application/json").method(route.method(), BodyPublishers.ofString("{}"));
        } else {
            request.method(route.method(), BodyPublishers.noBody());
        }
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    /** A key for which this moment has passed. */
    private static String changed(String column) {
        String key = TestKeys.makeForAll(ROSTER.jdbi());
        ROSTER.jdbi().useHandle(handle -> handle.createUpdate("UPDATE api_keys SET <column> = now() WHERE id = :id")
                .define("column", column)
                .bind("id", TestKeys.id(key))
                .execute());
        return key;
    }

    private static void forget(String key) {
        ROSTER.jdbi().useHandle(handle -> handle.execute("DELETE FROM api_keys WHERE id = ?", TestKeys.id(key)));
    }

    /** What writes change. Each leaves an event. */
    private static List<List<String>> contents() {
        List<List<String>> contents = new ArrayList<>();
        ROSTER.jdbi().useHandle(handle -> {
            for (String table : TABLES) {
                contents.add(handle.createQuery("SELECT content::text FROM <table> AS content ORDER BY 1")
                        .define("table", table)
                        .mapTo(String.class)
                        .list());
            }
        });
        return contents;
    }
}
