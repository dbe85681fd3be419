package dev.roster.http.condition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All preconditions (RFC 9110, section 13), on all methods and paths with a representation. */
class PreconditionsIT {
    @RegisterExtension
    static final RosterExtension ROSTER = RosterExtension.shared();

    private static final String PAST = "Thu, 01 Jan 1970 00:00:00 GMT";
    private static final String FUTURE = "Fri, 31 Dec 2060 23:59:59 GMT";

    private final Api api = ROSTER.api();
    private final TestUser user = api.newUser();

    /** Each row has one to four headers and the statuses of GET, PUT and DELETE. The user has version 1. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "If-Match: \"1\"                                        | 200 | 200 | 204",
                "If-Match: W/\"1\"                                      | 200 | 200 | 204",
                "If-Match: \"1-gzip\"                                   | 200 | 200 | 204",
                "If-Match: \"1--gzip\"                                  | 200 | 200 | 204",
                "If-Match: \"1;gzip\"                                   | 200 | 200 | 204",
                "If-Match: W/\"1-br\"                                   | 200 | 200 | 204",
                "If-Match: \"7\", W/\"1-zstd\"                          | 200 | 200 | 204",
                "If-Match: *                                            | 200 | 200 | 204",
                "If-Match: \"2\"                                        | 412 | 412 | 412",
                "If-Match: W/\"2\"                                      | 412 | 412 | 412",
                "If-Match: \"1-tar\"                                    | 412 | 412 | 412",
                "If-Match: \"11-gzip\"                                  | 412 | 412 | 412",
                "If-Match: \"-gzip\"                                    | 412 | 412 | 412",
                "If-None-Match: \"1\"                                   | 304 | 412 | 412",
                "If-None-Match: W/\"1\"                                 | 304 | 412 | 412",
                "If-None-Match: \"1-gzip\"                              | 304 | 412 | 412",
                "If-None-Match: \"2\", \"1\"                            | 304 | 412 | 412",
                "If-None-Match: *                                       | 304 | 412 | 412",
                "If-None-Match: \"2\"                                   | 200 | 200 | 204",
                "If-None-Match: 1                                       | 200 | 200 | 204",
                "If-Unmodified-Since: <past>                            | 412 | 412 | 412",
                "If-Unmodified-Since: <updated>                         | 200 | 200 | 204",
                "If-Unmodified-Since: <future>                          | 200 | 200 | 204",
                "If-Unmodified-Since: yesterday                         | 200 | 200 | 204",
                "If-Unmodified-Since: Thursday, 01-Jan-98 00:00:00 GMT  | 412 | 412 | 412",
                "If-Unmodified-Since: Thu Jan  1 00:00:00 1998          | 412 | 412 | 412",
                "If-Unmodified-Since: Fri, 01 Jan 1998 00:00:00 GMT     | 200 | 200 | 204",
                "If-Modified-Since: <past>                              | 200 | 200 | 204",
                "If-Modified-Since: <updated>                           | 304 | 200 | 204",
                "If-Modified-Since: <future>                            | 304 | 200 | 204",
                "If-Modified-Since: tomorrow                            | 200 | 200 | 204",
                "If-Match: \"2\" ; If-None-Match: \"1\"                 | 412 | 412 | 412",
                "If-Match: \"1\" ; If-None-Match: \"1\"                 | 304 | 412 | 412",
                "If-Match: \"1\" ; If-Unmodified-Since: <past>          | 200 | 200 | 204",
                "If-Match: \"2\" ; If-Unmodified-Since: <future>        | 412 | 412 | 412",
                "If-None-Match: \"2\" ; If-Modified-Since: <future>     | 200 | 200 | 204",
                "If-None-Match: \"1\" ; If-Modified-Since: <past>       | 304 | 412 | 412",
                "If-Unmodified-Since: <past> ; If-None-Match: \"1\"     | 412 | 412 | 412",
                "If-Unmodified-Since: <future> ; If-None-Match: \"1\"   | 304 | 412 | 412",
                "If-Match: \"1\" ; If-Modified-Since: <future>          | 304 | 200 | 204",
            })
    void preconditionsAreEvaluatedInTheOrderOfTheRfc(String headers, int get, int put, int delete) {
        send("GET", user.path(), headers).expect(get);
        send("HEAD", user.path(), headers).expect(get);
        send("PUT", user.path(), headers).expect(put);
        if (put == 412) {
            assertThat(api.get(user.path(), user.token()).header("ETag")).isEqualTo("\"1\"");
            send("DELETE", user.path(), headers).expectProblem(delete, "version-conflict");
            api.get(user.path(), user.token()).expect(200);
        } else {
            TestUser other = api.newUser();
            send(other, "DELETE", other.path(), headers).expect(delete);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "If-Match: \"2\"             | If-Match does not list the present entity tag, \"1\".",
                "If-Match: garbage           | If-Match does not list the present entity tag, \"1\".",
                "If-None-Match: W/\"1\"      | If-None-Match lists the present entity tag, \"1\".",
                "If-None-Match: *            | If-None-Match is *, but this exists.",
                "If-Unmodified-Since: <past> | This has changed since the date in If-Unmodified-Since.",
            })
    void refusalGivesTheTrueReason(String headers, String detail) {
        for (String method : List.of("PUT", "DELETE")) {
            Reply reply = send(method, user.path(), headers).expectProblem(412, "version-conflict");

            assertThat(reply.body().path("title").textValue()).isEqualTo("A precondition does not hold");
            assertThat(reply.body().path("detail").textValue()).isEqualTo(detail);
        }
    }

    @Test
    void clientBehindACompressingProxyCanUpdateAgainAndAgain() {
        for (int version = 1; version <= 3; version++) {
            String weakened = "If-Match: W/\"" + version + "\"";
            Reply reply = put(user.path(), "Version " + version, weakened).expect(200);
            assertThat(reply.header("ETag")).isEqualTo("\"" + (version + 1) + "\"");
            put(user.path(), "Late", weakened).expectProblem(412, "version-conflict");
        }
    }

    /** Section 13.2.1: what is refused without preconditions is refused for the same reason with them. */
    @ParameterizedTest
    @ValueSource(strings = {"If-Match: *", "If-Match: \"9\"", "If-None-Match: *", "If-Unmodified-Since: <past>"})
    void otherRefusalsComeFirst(String headers) {
        TestUser other = api.newUser();
        String unknown = "/users/" + UUID.randomUUID();
        for (String method : List.of("GET", "PUT", "DELETE")) {
            send(method, unknown, headers).expectProblem(404, "not-found");
            send(method, "/users/none", headers).expectProblem(404, "not-found");
            api.send(request(null, method, user.path(), headers)).expectUnauthenticated();
        }
        for (String method : List.of("PUT", "DELETE")) {
            send(method, other.path(), headers).expectProblem(403, "forbidden");
            send(method, other.sessionsPath(), headers).expect(method.equals("PUT") ? 405 : 403);
        }
        send("DELETE", user.sessionsPath() + "/" + UUID.randomUUID(), headers).expectProblem(404, "not-found");
        api.send(request(user.token(), "PUT", user.path(), headers).PUT(BodyPublishers.ofString("{}")))
                .expectInvalid("body");
    }

    static Stream<Arguments> withoutValidators() {
        return Stream.of(
                arguments("GET", "/users"),
                arguments("HEAD", "/users"),
                arguments("GET", "/users/{id}/sessions"),
                arguments("DELETE", "/users/{id}/sessions/{sid}"),
                arguments("DELETE", "/users/{id}/sessions"));
    }

    @ParameterizedTest
    @MethodSource("withoutValidators")
    void resourceWithoutEntityTagExistsButMatchesNoTag(String method, String template) {
        String sid = TestTokens.read(user.token()).path("sid").asText();
        String path = template.replace("{id}", user.id().toString()).replace("{sid}", sid);
        boolean isRead = !method.equals("DELETE");

        for (String headers : List.of("If-Match: \"1\"", "If-Match: garbage")) {
            send(method, path, headers).expect(412);
        }
        send(method, path, "If-None-Match: *").expect(isRead ? 304 : 412);
        api.get(user.path(), user.token()).expect(200);
        send(
                        method,
                        path,
                        "If-Match: * ; If-None-Match: \"1\" ; If-Unmodified-Since: <past> ; If-Modified-Since: <past>")
                .expect(isRead ? 200 : 204);
    }

    @ParameterizedTest
    @ValueSource(strings = {"If-Match: \"9\"", "If-None-Match: *", "If-Unmodified-Since: <past>"})
    void requestsToPathsWithoutARepresentationIgnorePreconditions(String headers) {
        String body = TestTokens.json(Map.of("email", user.email(), "password", Api.PASSWORD));

        api.send(request(null, "POST", "/auth/login", headers)
                        .setHeader("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body)))
                .expect(200);
        send("POST", "/auth/logout", headers).expect(204);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/docs", "/docs/docs.css", "/openapi.yaml", "/openapi.json"})
    void filesHaveEntityTagsButNoDates(String path) {
        String tag = String.valueOf(api.raw("GET", path).expect(200).header("ETag"));

        file(path, "If-Match: " + tag).expect(200);
        file(path, "If-Match: *").expect(200);
        file(path, "If-Match: W/" + tag).expect(200);
        Reply refused = file(path, "If-Match: \"other\"").expectProblem(412, "version-conflict");
        assertThat(refused.body().path("detail").textValue())
                .isEqualTo("If-Match does not list the present entity tag, " + tag + ".");
        file(path, "If-Match: \"other\" ; If-None-Match: " + tag).expect(412);
        file(path, "If-None-Match: " + tag.replaceFirst("\"$", "-gzip\"")).expect(304);
        file(path, "If-Modified-Since: <future> ; If-Unmodified-Since: <past>").expect(200);
    }

    private Reply put(String path, String name, String headers) {
        return api.send(request(user.token(), "PUT", path, headers)
                .PUT(BodyPublishers.ofString(TestTokens.json(Map.of("name", name)))));
    }

    private Reply send(String method, String path, String headers) {
        return send(user, method, path, headers);
    }

    private Reply send(TestUser caller, String method, String path, String headers) {
        return api.send(request(caller.token(), method, path, headers));
    }

    private HttpRequest.Builder request(@Nullable String token, String method, String path, String headers) {
        HttpRequest.Builder request = api.request(path, token);
        if (method.equals("PUT")) {
            request.header("Content-Type", "application/json")
                    .PUT(BodyPublishers.ofString(TestTokens.json(Map.of("name", "Another Name"))));
        } else {
            request.method(method, BodyPublishers.noBody());
        }
        add(request, headers, path);
        return request;
    }

    private Reply file(String path, String headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(api.base() + path));
        add(request, headers, "");
        return api.send(request);
    }

    private void add(HttpRequest.Builder request, String headers, String path) {
        for (String header : headers.split(" ; ", -1)) {
            String[] parts = header.strip().split(": ", 2);
            request.header(
                    parts[0],
                    parts[1].replace("<past>", PAST)
                            .replace("<future>", FUTURE)
                            .replace("<updated>", parts[1].contains("<updated>") ? updatedAt(path) : ""));
        }
    }

    /** When the user at a path last changed, to the second. */
    private String updatedAt(String path) {
        Instant updated = Instant.parse(api.get(path, user.token())
                .expect(200)
                .body()
                .path("updated_at")
                .textValue());
        return DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.US)
                .format(updated.atOffset(ZoneOffset.UTC));
    }
}
