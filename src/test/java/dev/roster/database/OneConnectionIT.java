package dev.roster.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.apikey.Scope;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Routes;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * No request needs two connections of one pool at once: with one connection in each pool every route answers. No
 * resource has two pools, because only {@code RosterApplication} knows them all and passes one to each.
 */
class OneConnectionIT {
    private static final Routes RUNNING = new Routes();

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .running(RUNNING::service)
            .with("DATABASE_COMMAND_CONNECTIONS", "1")
            .with("DATABASE_QUERY_CONNECTIONS", "1")
            .with("DATABASE_LIST_CONNECTIONS", "1")
            .with("DATABASE_POOL_WAIT", "500ms");

    private final Api api = ROSTER.api();
    private final TestUser user = api.newUser();
    private final TestUser other = api.newUser();

    @Test
    void everyRouteAnswersWithOneConnectionInEachPool() {
        Map<String, Runnable> routes = routes();

        routes.values().forEach(Runnable::run);

        assertThat(routes.keySet()).as("every route of the API").containsExactlyInAnyOrderElementsOf(RUNNING.ofApi());
    }

    private Map<String, Runnable> routes() {
        Map<String, Runnable> routes = new TreeMap<>();
        routes.put("POST /api/v1/auth/register", () -> {
            api.register(Api.newBody(Api.newEmail())).expect(201);
            api.register(Api.newBody(user.email())).expect(409);
        });
        routes.put("POST /api/v1/auth/login", () -> {
            api.login(user.email(), Api.PASSWORD).expect(200);
            api.login(user.email(), "wrong").expect(401);
            ROSTER.jdbi()
                    .useHandle(handle ->
                            handle.execute("UPDATE users SET password_hash = replace(password_hash, '$2a$', '$2b$')"));
            api.login(user.email(), Api.PASSWORD).expect(200);
        });
        routes.put("POST /api/v1/auth/refresh", () -> {
            TestSession session = api.newSession(user);
            api.refresh(session.refreshToken()).expect(200);
            api.refresh(session.refreshToken()).expect(200);
            ROSTER.jdbi().useHandle(handle -> handle.execute("DELETE FROM spent_refresh_tokens"));
            api.refresh(session.refreshToken()).expect(401);
        });
        routes.put("POST /api/v1/auth/logout", () -> api.logout(api.newToken(user.email()))
                .expect(204));
        routes.put(
                "GET /api/v1/users/me", () -> api.get("/users/me", user.token()).expect(200));
        routes.put("PUT /api/v1/users/me", () -> {
            TestUser changer = api.newUser();
            api.put("/users/me", changer.token(), Map.of("name", "B")).expect(200);
            api.put("/users/me", changer.token(), Map.of("name", "C", "id", user.id()))
                    .expect(422);
        });
        routes.put(
                "DELETE /api/v1/users/me",
                () -> api.delete("/users/me", api.newUser().token()).expect(204));
        routes.put("GET /api/v1/users/me/sessions", () -> api.get("/users/me/sessions", user.token())
                .expect(200));
        routes.put(
                "DELETE /api/v1/users/me/sessions",
                () -> api.delete("/users/me/sessions", api.newUser().token()).expect(204));
        routes.put("DELETE /api/v1/users/me/sessions/{sid}", () -> {
            api.delete("/users/me/sessions/" + api.newSession(user).id(), user.token())
                    .expect(204);
            api.delete("/users/me/sessions/" + UUID.randomUUID(), user.token()).expect(404);
        });
        routes.put("GET /api/v1/users/{id}", () -> {
            api.get(other.path(), user.token()).expect(200);
            api.get("/users/" + UUID.randomUUID(), user.token()).expect(404);
        });
        routes.put("PUT /api/v1/users/{id}", () -> {
            TestUser changer = api.newUser();
            api.newSession(changer);
            Map<String, String> everything = Map.of(
                    "name",
                    "B",
                    "email",
                    Api.newEmail(),
                    "role",
                    "admin",
                    "password",
                    "Another-Horse-9",
                    "current_password",
                    Api.PASSWORD);
            api.put(changer.path(), changer.token(), everything).expect(200);
            api.put(changer.path(), changer.token(), Map.of("email", user.email()))
                    .expect(409);
            api.put(changer.path(), changer.token(), Map.of("name", "C"), "\"99\"")
                    .expect(412);
            api.put(other.path(), user.token(), Map.of("name", "C")).expect(403);
        });
        routes.put("DELETE /api/v1/users/{id}", () -> {
            TestUser leaver = api.newUser();
            api.delete(other.path(), leaver.token()).expect(403);
            api.delete(leaver.path(), leaver.token()).expect(204);
        });
        routes.put("GET /api/v1/users/{id}/sessions", () -> {
            api.get(user.sessionsPath(), user.token()).expect(200);
            api.get(other.sessionsPath(), user.token()).expect(403);
        });
        routes.put("DELETE /api/v1/users/{id}/sessions/{sid}", () -> {
            api.delete(user.sessionsPath() + "/" + api.newSession(user).id(), user.token())
                    .expect(204);
            api.delete(user.sessionsPath() + "/" + UUID.randomUUID(), user.token())
                    .expect(404);
            api.delete(other.sessionsPath() + "/" + UUID.randomUUID(), user.token())
                    .expect(403);
        });
        routes.put("DELETE /api/v1/users/{id}/sessions", () -> {
            TestUser leaver = api.newUser();
            api.newSession(leaver);
            api.delete(leaver.sessionsPath(), leaver.token()).expect(204);
        });
        routes.put("GET /api/v1/users", () -> {
            api.get("/users?limit=1", user.token()).expect(200);
            api.get("/users?q=person&role=user&sort=-name", user.token()).expect(200);
            api.get("/users?sort=age", user.token()).expect(422);
        });
        String services = TestKeys.make(ROSTER.jdbi(), Scope.INTROSPECT, Scope.REVOCATIONS);
        routes.put("POST /oauth/introspect", () -> {
            api.form("/oauth/introspect", services, "token=" + user.token()).expect(200);
            api.form("/oauth/introspect", "garbage", "token=x").expect(401);
        });
        routes.put("POST /oauth/revoke", () -> {
            api.form("/oauth/revoke", services, "token=" + api.newToken(user.email()))
                    .expect(200);
            api.form("/oauth/revoke", services, "token=" + api.newSession(user).refreshToken())
                    .expect(200);
        });
        routes.put(
                "GET /.well-known/oauth-authorization-server",
                () -> api.raw("GET", "/.well-known/oauth-authorization-server").expect(404));
        routes.put("GET /.well-known/jwks.json", () -> api.raw("GET", "/.well-known/jwks.json")
                .expect(404));
        routes.put("GET /api/v1/revocations", () -> {
            api.get("/revocations", "garbage").expect(401);
            api.send(api.request("/revocations", services).method("HEAD", BodyPublishers.noBody()))
                    .expect(200); // the answer to GET does not end
        });
        return routes;
    }
}
