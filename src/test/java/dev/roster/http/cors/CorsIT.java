package dev.roster.http.cors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.http.HeadersIT;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** H2: configured origins. {@link HeadersIT} tests the default: none. */
class CorsIT {
    private static final String ORIGIN = "https://app.example.org";

    @RegisterExtension
    static final RosterExtension ROSTER =
            new RosterExtension().with("CORS_ORIGINS", ORIGIN + ", http://localhost:3000,https://[::1]:8443");

    private final Api api = ROSTER.api();
    private final TestUser user = api.newUser();

    @ParameterizedTest
    @ValueSource(strings = {ORIGIN, "http://localhost:3000", "https://[::1]:8443"})
    void allowedOriginMayReadAnswers(String origin) {
        expectReadable(get(user.path(), user.token(), origin).expect(200), origin);
    }

    @Test
    void allowedOriginMayReadErrors() {
        expectReadable(get("/users/me", null, ORIGIN).expectUnauthenticated(), ORIGIN);
        expectReadable(get("/users/me", "garbage", ORIGIN).expectInvalidToken(), ORIGIN);
        expectReadable(get("/users?limit=0", user.token(), ORIGIN).expectInvalid("limit"), ORIGIN);
        expectReadable(get("/nothing", null, ORIGIN).expectProblem(404, "not-found"), ORIGIN);
        expectReadable(post("{}").expectInvalid("email", "password"), ORIGIN);
        expectReadable(post("{").expectProblem(400, "malformed"), ORIGIN);
        expectReadable(post(" ".repeat(17_000)).expectProblem(413, "too-large"), ORIGIN);
        expectReadable(
                api.send(api.request("/auth/login").header("Origin", ORIGIN).method("PATCH", BodyPublishers.noBody()))
                        .expectProblem(405, "method-not-allowed"),
                ORIGIN);
    }

    /** Errors that Jetty raises itself. */
    @ParameterizedTest
    @ValueSource(strings = {"/api/v1//users", "/api/v1/users/a%2fb", "/api/v1/users/..;/me"})
    void allowedOriginMayReadErrorsFromJetty(String path) {
        String request = "GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nOrigin: " + ORIGIN + "\r\n\r\n";

        expectReadable(ROSTER.raw().send(request).only().expectProblem(400, "malformed"), ORIGIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "DELETE", "PATCH"})
    void preflightFromAnAllowedOriginIsAnswered(String method) {
        Reply reply = preflight(user.path(), ORIGIN, method).expect(204);

        expectReadable(reply, ORIGIN);
        assertThat(values(reply, "Access-Control-Allow-Methods"))
                .containsExactlyInAnyOrder("GET", "HEAD", "POST", "PUT", "DELETE");
        assertThat(values(reply, "Access-Control-Allow-Headers"))
                .containsExactlyInAnyOrder(
                        "Authorization",
                        "Content-Type",
                        "If-Match",
                        "If-Modified-Since",
                        "If-None-Match",
                        "If-Unmodified-Since",
                        "Consistency-Token",
                        "X-Request-Id",
                        "baggage",
                        "traceparent",
                        "tracestate");
        assertThat(reply.header("Access-Control-Max-Age")).isEqualTo("600");
        assertThat(reply.header("X-Request-Id")).isNotBlank();
        assertThat(reply.text()).isEmpty();
    }

    /** H2: the preflight and the request, as a browser sends them. */
    @Test
    void allowedOriginMayChangeAndDeleteTheCallerAtMe() {
        String session = "/users/me/sessions/" + api.newSession(user).id();
        for (String path : List.of("/users/me", "/users/me/sessions", session)) {
            Reply reply = preflight(path, ORIGIN, "DELETE").expect(204);
            expectReadable(reply, ORIGIN);
            assertThat(values(reply, "Access-Control-Allow-Methods")).contains("GET", "PUT", "DELETE");
            assertThat(values(reply, "Access-Control-Allow-Headers")).contains("Authorization", "If-Match");
        }

        Reply changed = api.send(api.request("/users/me", user.token())
                        .header("Origin", ORIGIN)
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString("{\"name\":\"B\"}")))
                .expect(200);
        expectReadable(changed, ORIGIN);
        assertThat(values(changed, "Vary")).containsExactlyInAnyOrder("Authorization", "Origin");
        expectReadable(delete(session).expect(204), ORIGIN);
        expectReadable(delete("/users/me").expect(204), ORIGIN);
    }

    /** H3 */
    @Test
    void optionsOtherThanPreflightsAreRefused() {
        Reply reply = api.send(
                        api.request("/auth/login").header("Origin", ORIGIN).method("OPTIONS", BodyPublishers.noBody()))
                .expectProblem(405, "method-not-allowed");

        expectReadable(reply, ORIGIN);
        assertThat(reply.header("Allow")).isEqualTo("POST");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "*",
                "",
                "https://app.example.org/",
                "https://app.example.org:443",
                "https://app.example.org:444",
                "https://app.example.org.",
                "https://APP.example.org",
                "HTTPS://app.example.org",
                "http://app.example.org",
                "ftp://app.example.org",
                "app.example.org",
                "//app.example.org",
                "https://app.example.org.evil.example",
                "https://app.example.organic",
                "https://evil-app.example.org",
                "https://evil.app.example.org",
                "https://evilapp.example.org",
                "https://example.org",
                "https://appxexample.org",
                "https://app.example.org@evil.example",
                "https://evil.example@app.example.org",
                "https://evil.example#https://app.example.org",
                "https://evil.example, https://app.example.org",
                "https://app.example.org, http://localhost:3000",
                "https://app.example.org https://evil.example",
                "https://app.example.org%00.evil.example",
                "https://app.example.org\\.evil.example",
                "https://app.example.org`.evil.example",
                "https://app.example.org_.evil.example",
                "http://localhost",
                "http://localhost:30000",
                "http://127.0.0.1:3000",
                "https://[::1]"
            })
    void otherOriginsMayNotReadAnswers(String origin) {
        Reply reply = get(user.path(), user.token(), origin).expect(200);
        Reply preflight = preflight("/users/me", origin, "DELETE").expectProblem(405, "method-not-allowed");

        for (Reply each : new Reply[] {reply, preflight}) {
            assertThat(each.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control-"));
            assertThat(values(each, "Vary")).contains("Origin");
        }
    }

    /** A cache must not return the answer for one origin to another. */
    @Test
    void answersVaryByOrigin() {
        Reply reply = api.get(user.path(), user.token()).expect(200);

        assertThat(reply.header("Vary")).isEqualTo("Authorization, Origin");
        assertThat(reply.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control-"));
    }

    @Test
    void noOriginMayReadTheAdminPort() {
        Api admin = new Api(ROSTER.admin());

        Reply reply = admin.send(
                HttpRequest.newBuilder(ROSTER.admin().resolve("/metrics")).header("Origin", ORIGIN));

        assertThat(reply.expectProblem(403, "forbidden").headers().map().keySet())
                .noneMatch(name -> name.startsWith("access-control-"));
    }

    private static void expectReadable(Reply reply, String origin) {
        assertThat(reply.header("Access-Control-Allow-Origin")).isEqualTo(origin);
        assertThat(values(reply, "Vary")).contains("Origin");
        assertThat(reply.header("Access-Control-Allow-Credentials")).isNull();
        assertThat(values(reply, "Access-Control-Expose-Headers"))
                .contains(
                        "ETag",
                        "Location",
                        "Link",
                        "Consistency-Token",
                        "Replica-Lag",
                        "Retry-After",
                        "RateLimit",
                        "RateLimit-Policy",
                        "traceresponse",
                        "X-Request-Id")
                .doesNotContain("*");
    }

    private Reply get(String path, @Nullable String token, String origin) {
        return api.send(api.request(path, token).header("Origin", origin).GET());
    }

    private Reply delete(String path) {
        return api.send(api.request(path, user.token()).header("Origin", ORIGIN).DELETE());
    }

    private Reply post(String body) {
        return api.send(api.request("/auth/login")
                .header("Origin", ORIGIN)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    private Reply preflight(String path, String origin, String method) {
        return api.send(api.request(path)
                .header("Origin", origin)
                .header("Access-Control-Request-Method", method)
                .header("Access-Control-Request-Headers", "authorization,content-type,if-match")
                .method("OPTIONS", BodyPublishers.noBody()));
    }

    private static Set<String> values(Reply reply, String header) {
        return Set.of(String.valueOf(reply.header(header)).split(", "));
    }
}
