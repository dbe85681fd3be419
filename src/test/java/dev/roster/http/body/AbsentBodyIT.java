package dev.roster.http.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests without content, in whatever form a client sends nothing. */
class AbsentBodyIT {
    @RegisterExtension
    static final RosterExtension ROSTER = RosterExtension.shared();

    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";
    private static final String FORM = "Content-Type: multipart/form-data; boundary=----WebKitFormBoundaryA1\r\n";
    private static final String CLOSING = "------WebKitFormBoundaryA1--\r\n";
    private static final String FIELD =
            "------WebKitFormBoundaryA1\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n";

    private final Api api = ROSTER.api();

    static Stream<Arguments> nothings() {
        return Stream.of(
                arguments("no header", "", ""),
                arguments("length 0", "Content-Length: 0\r\n", ""),
                arguments("type", "Content-Type: text/plain\r\n", ""),
                arguments("type and length 0", "Content-Type: text/plain\r\nContent-Length: 0\r\n", ""),
                arguments("two types", "Content-Type: text/plain\r\nContent-Type: text/html\r\n", ""),
                arguments("malformed type", "Content-Type: ;;;\r\n", ""),
                arguments("another charset", "Content-Type: application/json;charset=utf-16\r\n", ""),
                arguments("coding", "Content-Encoding: gzip\r\nContent-Length: 0\r\n", ""),
                arguments("chunks", CHUNKED, "0\r\n\r\n"),
                arguments("chunks with type", CHUNKED + "Content-Type: text/plain\r\n", "0\r\n\r\n"),
                arguments("chunks with coding", CHUNKED + "Content-Encoding: br\r\n", "0\r\n\r\n"),
                arguments("chunks with extension and trailer", CHUNKED, "0;a=b\r\nX: y\r\n\r\n"),
                arguments("chunks on demand", CHUNKED + "Expect: 100-continue\r\n", "0\r\n\r\n"),
                arguments("form", form(CLOSING), CLOSING),
                arguments("form, without the last line break", form(CLOSING.strip()), CLOSING.strip()),
                arguments("form in chunks", FORM + CHUNKED, "1e\r\n" + CLOSING + "\r\n0\r\n\r\n"),
                arguments("URL-encoded form", "Content-Type: application/x-www-form-urlencoded\r\n", ""));
    }

    /** A client can always get out. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("nothings")
    void requestsThatNeedNoBodyAreServed(String name, String headers, String body) {
        TestUser user = api.newUser();

        send("GET", user.path(), user, headers, body).expect(200);
        send("GET", "/users?limit=1", user, headers, body).expect(200);
        send("DELETE", user.sessionsPath() + "/" + user.id(), user, headers, body)
                .expectProblem(404, "not-found");
        send("POST", "/auth/logout", user, headers, body).expect(204);
        api.get(user.path(), user.token()).expectInvalidToken();
        TestUser other = api.newUser();
        send("DELETE", other.path(), other, headers, body).expect(204);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("nothings")
    void requestsThatNeedABodyAreToldThatThereIsNone(String name, String headers, String body) {
        TestUser user = api.newUser();

        for (Reply reply : new Reply[] {
            send("PUT", user.path(), user, headers, body), send("POST", "/auth/login", user, headers, body)
        }) {
            assertThat(reply.expectProblem(400, "malformed")
                            .body()
                            .path("detail")
                            .asText())
                    .isEqualTo("The body is empty.");
        }
    }

    /** V5: content is refused by its type, even where none is needed. */
    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "multipart/form-data", "multipart/form-data; boundary=b"})
    void contentOfAnotherTypeIsRefused(String type) {
        TestUser user = api.newUser();
        String header = "Content-Type: " + type + "\r\n";

        send("POST", "/auth/logout", user, header + CHUNKED, "1\r\na\r\n0\r\n\r\n")
                .expectProblem(415, "unsupported-media-type");
        send("GET", user.path(), user, header + "Content-Length: 1\r\n", "a")
                .expectProblem(415, "unsupported-media-type");
        send("POST", "/auth/logout", user, form(FIELD + CLOSING), FIELD + CLOSING)
                .expectProblem(415, "unsupported-media-type");
        send("POST", "/auth/logout", user, FORM + CHUNKED, "69\r\n" + FIELD + CLOSING + "\r\n0\r\n\r\n")
                .expectProblem(415, "unsupported-media-type");
        api.get(user.path(), user.token()).expect(200);
    }

    /** JDK's client sends chunks, without a type. */
    @Test
    void emptyStreamIsNoBody() {
        TestUser user = api.newUser();

        api.send(api.request("/auth/logout", user.token())
                        .POST(BodyPublishers.ofInputStream(InputStream::nullInputStream)))
                .expect(204);
    }

    private static String form(String body) {
        return FORM + "Content-Length: " + body.length() + "\r\n";
    }

    private static Reply send(String method, String path, TestUser user, String headers, String body) {
        var answers = ROSTER.raw()
                .send(method + " /api/v1" + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer "
                        + user.token() + "\r\n" + headers + "\r\n" + body)
                .replies();
        return answers.get(answers.size() - 1);
    }
}
