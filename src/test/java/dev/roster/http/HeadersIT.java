package dev.roster.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.RawHttp;
import dev.roster.support.http.Reply;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers that every answer has, and headers that no answer has. */
public class HeadersIT {
    @RegisterExtension
    static final RosterExtension ROSTER = RosterExtension.shared();

    private static final String PERSONAL = "private, no-cache";
    private static final String SECRET = "no-store";

    private final Api api = ROSTER.api();

    /** H1: successful answers; {@link Reply#expectProblem} checks all others. */
    @Test
    void answersForbidSniffingAndSharedCaching() {
        String email = Api.newEmail();
        Reply registered = api.register(Api.newBody(email)).expect(201);
        String path = "/users/" + registered.body().path("id").asText();
        Reply loggedIn = api.login(email, Api.PASSWORD).expect(200);
        String token = loggedIn.body().path("access_token").asText();

        expectHeaders(registered, PERSONAL);
        expectHeaders(loggedIn, SECRET);
        expectHeaders(api.get(path, token).expect(200), PERSONAL);
        expectHeaders(api.get("/users/me", token).expect(200), PERSONAL);
        expectHeaders(api.put(path, token, "{\"name\":\"B\"}").expect(200), PERSONAL);
        expectHeaders(
                api.send(authorized(path, token)
                                .header("If-None-Match", "\"2\"")
                                .GET())
                        .expect(304),
                PERSONAL);
        expectHeaders(
                api.send(authorized(path, token).method("HEAD", BodyPublishers.noBody()))
                        .expect(200),
                PERSONAL);
        expectHeaders(
                api.refresh(loggedIn.body().path("refresh_token").asText()).expect(200), SECRET);
        expectHeaders(api.get("/users", token).expect(200), SECRET);
        expectHeaders(api.get(path + "/sessions", token).expect(200), SECRET);
        expectHeaders(api.delete(path + "/sessions", api.newToken(email)).expect(204), SECRET);
        token = api.newToken(email);
        expectHeaders(api.logout(api.newToken(email)).expect(204), SECRET);
        expectHeaders(api.delete(path, token).expect(204), SECRET);
    }

    private static void expectHeaders(Reply reply, String cacheControl) {
        assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(reply.header("Cache-Control")).isEqualTo(cacheControl);
        assertThat(reply.header("X-Request-Id")).isNotBlank();
        assertThat(reply.headers().map())
                .doesNotContainKeys("server", "x-powered-by", "set-cookie", "content-encoding", "via");
    }

    /** H1: compressing secrets together with text from the client would leak them (BREACH). */
    @Test
    void answersAreNotCompressed() {
        TestUser user = api.newUser();

        Reply reply = api.send(authorized(user.path(), user.token())
                        .header("Accept-Encoding", "gzip, deflate, br")
                        .GET())
                .expect(200);

        assertThat(reply.header("Content-Encoding")).isNull();
        assertThat(reply.body().path("id").asText()).isEqualTo(user.id().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "7f3d-b.c_D", "0123456789012345678901234567890123456789012345678901234567890123"})
    void wellFormedRequestIdIsReturned(String id) {
        assertThat(answerTo("X-Request-Id: " + id).header("X-Request-Id")).isEqualTo(id);
    }

    static Stream<String> insaneIds() {
        return Stream.of(
                "",
                " ",
                "a b",
                "a,b",
                "a;b",
                "a\"b",
                "<a>",
                "a\tb",
                "${a}",
                "\u00e9",
                "\u00e2\u0080\u00a8",
                "\u0085",
                "a".repeat(65));
    }

    /** L4 */
    @ParameterizedTest
    @MethodSource("insaneIds")
    void malformedRequestIdIsReplaced(String id) {
        assertThat(UUID.fromString(
                        String.valueOf(answerTo("X-Request-Id: " + id).header("X-Request-Id"))))
                .isNotNull();
    }

    /** L4: a line break ends the header. The answer still has exactly one id. */
    @ParameterizedTest
    @ValueSource(strings = {"a\nX-Other: b", "a\rX-Other: b", "a\r\n b"})
    void requestIdWithLineBreaksIsRefused(String id) {
        Reply reply = send("X-Request-Id: " + id).expectProblem(400, "malformed");

        assertThat(reply.headers().map()).doesNotContainKey("x-other");
    }

    /** H2 */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "*",
                "http://localhost",
                "http://localhost:3000",
                "http://127.0.0.1",
                "https://127.0.0.1:8000",
                "https://roster.example",
                "https://ROSTER.example",
                "https://roster.example.evil.example",
                "https://evilroster.example",
                "https://roster.example:443",
                "https://roster.example:444",
                "http://roster.example",
                "https://roster.example/",
                "https://user@roster.example",
                "https://roster.example https://evil.example",
                "https://xn--rster-jua.example",
                "file://",
                "chrome-extension://abcdefgh",
                "data:text/html,x",
            })
    void noOriginMayReadAnswersByDefault(String origin) {
        TestUser user = api.newUser();

        Reply reply = api.send(authorized(user.path(), user.token())
                        .header("Origin", origin)
                        .GET())
                .expect(200);
        Reply preflight = api.send(api.request(user.path())
                        .header("Origin", origin)
                        .header("Access-Control-Request-Method", "DELETE")
                        .header("Access-Control-Request-Headers", "authorization")
                        .method("OPTIONS", BodyPublishers.noBody()))
                .expectProblem(405, "method-not-allowed");

        for (Reply each : List.of(reply, preflight)) {
            assertThat(each.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control-"));
        }
    }

    /** L4: text that is returned in a header cannot start another header. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "%0d%0aX-Injected:%20b",
                "%0aX-Injected:%20b",
                "%0dX-Injected:%20b",
                "%E5%98%8A%E5%98%8DX-Injected:%20b",
                "%00X-Injected:%20b",
                "%250d%250aX-Injected:%20b"
            })
    void returnedTextCannotInjectAHeader(String text) {
        TestUser user = api.newUser();
        api.newUser();
        for (String path : List.of(
                "/users/" + text,
                "/users/me" + text,
                "/users?limit=1&q=" + text,
                "/users?limit=1&q=e&cursor=" + text,
                "/users?limit=1&sort=name&" + text + "=1",
                "/users?limit=1&q=e&role=user" + text)) {
            String request = "GET /api/v1" + path + " HTTP/1.1\r\nHost: a" + text
                    + "\r\nConnection: close\r\nAuthorization: Bearer " + user.token() + "\r\nX-Request-Id: a" + text
                    + "\r\nIf-None-Match: \"" + text + "\"\r\nOrigin: http://a" + text + "\r\n\r\n";
            for (String sent : List.of(request, request.replace("Host: a" + text, "Host: a"))) {
                Reply reply = new RawHttp(api.base()).send(sent).only();

                assertThat(reply.status()).isBetween(200, 499);
                assertThat(reply.headers().map()).doesNotContainKey("x-injected");
            }
        }
    }

    private HttpRequest.Builder authorized(String path, String token) {
        return api.request(path).header("Authorization", "Bearer " + token);
    }

    private Reply answerTo(String header) {
        return send(header).expectProblem(401, "unauthenticated");
    }

    private Reply send(String header) {
        String request = "GET /api/v1/users/me HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + header + "\r\n\r\n";
        return new RawHttp(api.base()).send(request).only();
    }
}
