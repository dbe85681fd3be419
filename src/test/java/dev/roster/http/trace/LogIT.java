package dev.roster.http.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.RosterApplication;
import dev.roster.RosterConfiguration;
import dev.roster.shell.terminal.Terminal;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.RawHttp;
import dev.roster.support.http.Reply;
import dev.roster.support.process.ConsoleLog;
import io.dropwizard.core.setup.Environment;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** L4: clients cannot forge or colour lines of the log. */
class LogIT {
    @RegisterExtension
    static final RosterExtension ROSTER =
            new RosterExtension().with("LOG_LEVEL", "INFO").running(EchoingRoster::new);

    static final String FORGED = "2026-11-22T00:00:00.000Z INFO  Forged [-] everything is fine";

    /** Characters that start a line or control a terminal on some system, in UTF-8 with one character for each byte. */
    static final List<String> BREAKS = List.of(
            "\r\n",
            "\n",
            "\r",
            "\u000b",
            "\f",
            "\u001b[2K\u001b[1G",
            "\u007f",
            "\0",
            "\b",
            "\u00c2\u0085",
            "\u00c2\u009b2K",
            "\u00e2\u0080\u00a8",
            "\u00e2\u0080\u00a9",
            "\u00e2\u0080\u00ae",
            "\u00e2\u0081\u00a6");

    private static final String LINE =
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z (?:ACCESS|ERROR|WARN |INFO |DEBUG) .*";
    private static final String UNSAFE = "[\\x00-\\x1f\\x7f-\\x9f\\u2028-\\u202e\\u2066-\\u2069]";

    private final ConsoleLog log = new ConsoleLog();
    private final RawHttp raw = ROSTER.raw();

    @AfterEach
    void stopListening() {
        log.close();
    }

    @Test
    void eachRequestIsOneLine() {
        int requests = 0;
        for (String lineBreak : BREAKS) {
            for (String request : requestsWith("x" + lineBreak + FORGED)) {
                raw.send(request);
                requests++;
            }
        }

        List<String> lines = linesUntil("last-request", Map.of(" ACCESS ", requests + 1));

        assertThat(lines).filteredOn(line -> line.contains(" ACCESS ")).hasSize(requests + 1);
        expectSafe(lines);
    }

    /** Requests with the text in different places. */
    static List<String> requestsWith(String text) {
        String json = TestTokens.json(Map.of("name", text, "email", text + "@example.com", "password", text));
        return Stream.of(
                        "GET /api/v1/users/" + text.replace(" ", "%20") + " HTTP/1.1\r\nHost: a",
                        "GET /api/v1/users/me?" + text.replace(" ", "%20") + " HTTP/1.1\r\nHost: a",
                        "GET /api/v1/users/me?a=%zz&b=%ff&" + text.replace(" ", "%20") + " HTTP/1.1\r\nHost: a",
                        "GET" + text.replace(' ', '_') + " /api/v1/users/me HTTP/1.1\r\nHost: a",
                        "GET /api/v1/users/me HTTP/1.1\r\nHost: " + text,
                        "GET /api/v1/users/me HTTP/1.1\r\nHost: a\r\nUser-Agent: " + text,
                        "GET /api/v1/users/me HTTP/1.1\r\nHost: a\r\nX-Request-Id: " + text,
                        "GET /api/v1/users/me HTTP/1.1\r\nHost: a\r\ntraceparent: " + text,
                        "GET /api/v1/users/me HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + text,
                        "POST /api/v1/auth/register HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                                + "Content-Length: " + RawHttp.bytes(json).length)
                .map(head -> head + "\r\nConnection: close\r\n\r\n" + (head.startsWith("POST") ? json : ""))
                .toList();
    }

    /** Includes messages and stack traces of libraries. */
    @Test
    void eachEventIsOneLine() {
        for (String lineBreak : BREAKS) {
            String text = "x" + lineBreak + FORGED;
            raw.send("POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n"
                            + "Content-Length: " + text.length() + "\r\n\r\n" + text)
                    .only()
                    .expectProblem(500, "internal");
        }

        List<String> lines = linesUntil(
                "last-event", Map.of(" ACCESS ", BREAKS.size() + 1, " WARN ", BREAKS.size(), " ERROR ", BREAKS.size()));

        assertThat(lines).filteredOn(line -> line.contains(" WARN ")).hasSize(BREAKS.size());
        assertThat(lines)
                .filteredOn(line -> line.contains(" ERROR "))
                .hasSize(BREAKS.size())
                .allSatisfy(line -> assertThat(line).contains("IllegalStateException", " | at ", "EchoResource"));
        expectSafe(lines);
    }

    /** L4: a request that is refused is a line of the access log, which has its path, and no other. */
    @Test
    void refusedRequestIsNotRepeatedInTheLog() {
        List<String> requests = List.of(
                "GET /api/v1/users/me HTTP/1.1\r\nHost: a/b?token=told",
                "GET /api/v1/users/me HTTP/1.1\r\nHost: told:told",
                "GET /api/v1/users/me HTTP/1.1\r\nHost: told:99999",
                "GET /api/v1/users/me HTTP/1.1\r\nHost: [told",
                "GET /api/v1/users/me HTTP/1.1\r\nHost: [::told]",
                "GET /api/v1/users/me HTTP/1.1\r\nHost: to:ld:told",
                "GET /api/v1/users/me HTTP/1.1\r\nHost: told\r\nHost: also-told",
                "GET http://told:99999/api/v1/users/me?told HTTP/1.1\r\nHost: a",
                "GET http://[told/api/v1/users/me?told HTTP/1.1\r\nHost: a",
                "GET /api/v1/users/me?told=%zz HTTP/1.1\r\nHost: a\r\nCookie: told=\"\u0001",
                "GET /api/v1//users?told HTTP/1.1\r\nHost: a",
                "GET /api/v1/users/me?told http/1.1\r\nHost: a",
                "GET /api/v1/users/me?" + "told".repeat(3000) + " HTTP/1.1\r\nHost: a",
                "GET /api/v1/users/me HTTP/1.1\r\nHost: a\r\nX: " + "told".repeat(3000),
                "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: told",
                "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: told");
        RawHttp admin = new RawHttp(ROSTER.admin());
        for (String request : requests) {
            assertThat(raw.send(request + "\r\nConnection: close\r\n\r\n")
                            .only()
                            .status())
                    .isBetween(400, 499);
            admin.send(request + "\r\nConnection: close\r\n\r\n");
        }

        List<String> lines = linesUntil("last-told", Map.of(" ACCESS ", 2 * requests.size() + 1));

        assertThat(lines).hasSize(2 * requests.size() + 1).allMatch(line -> line.contains(" ACCESS "));
        assertThat(lines).filteredOn(line -> !line.contains("last-told")).noneMatch(line -> line.contains("told"));
    }

    /** The type of the problem, and for a refused token the reason and its id, end the line of the request. */
    @Test
    void refusedRequestIsLoggedWithItsProblemType() {
        Api api = ROSTER.api();
        TestUser user = api.newUser();
        String expired = TestTokens.sign(user.id(), Duration.ofHours(1));
        Map<String, String> endings = Map.of(
                id(api.get(user.path(), user.token()).expect(200)),
                " " + user.id() + " -",
                id(api.get("/users/x", user.token()).expect(404)),
                " " + user.id() + " not-found",
                id(api.login(user.email(), "wrong").expect(401)),
                " - invalid-credentials",
                id(api.get("/users/me", null).expect(401)),
                " - unauthenticated missing",
                id(api.get("/users/me", "garbage").expect(401)),
                " - invalid-token malformed",
                id(api.get("/users/me", expired).expect(401)),
                " - invalid-token expired "
                        + TestTokens.read(expired).path("jti").textValue());

        endings.forEach((id, ending) -> assertThat(
                        log.linesUntil(1, line -> line.contains(" ACCESS ") && line.contains("[" + id + " ")))
                .filteredOn(line -> line.contains(" ACCESS ") && line.contains("[" + id + " "))
                .singleElement()
                .asString()
                .endsWith("]" + ending));
    }

    private static String id(Reply reply) {
        return String.valueOf(reply.header("X-Request-Id"));
    }

    /** L5 */
    @Test
    void forbiddenRequestIsLoggedWithItsUserAndAddress() {
        Api api = ROSTER.api();
        TestUser user = api.newUser();
        TestUser other = api.newUser();
        Reply refused = api.put(other.path(), user.token(), Map.of("name", "B")).expectProblem(403, "forbidden");

        List<String> lines = linesUntil("last-refusal", Map.of(" ACCESS ", 6, " SECURITY ", 1));

        assertThat(lines)
                .filteredOn(line -> line.contains(" SECURITY "))
                .singleElement()
                .asString()
                .contains(
                        "[" + refused.header("X-Request-Id") + " ",
                        "SECURITY forbidden: PUT /api/v1" + other.path() + " by user " + user.id()
                                + " from 127.0.0.1: ");
    }

    /**
     * Sends a last request with this marker, and waits for its line and for this number of lines of each kind: lines of
     * requests and of the two logs may come in any order.
     */
    private List<String> linesUntil(String marker, Map<String, Integer> counts) {
        raw.send("GET /" + marker + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        List<String> lines = log.linesUntil(1, line -> line.contains("GET /" + marker));
        for (Map.Entry<String, Integer> kind : counts.entrySet()) {
            lines = log.linesUntil(kind.getValue(), line -> line.contains(kind.getKey()));
        }
        return lines;
    }

    private static void expectSafe(List<String> lines) {
        assertThat(lines)
                .allSatisfy(line ->
                        assertThat(line).matches(LINE).doesNotStartWith(FORGED).doesNotContainPattern(UNSAFE));
    }

    /** The service with a resource that logs request bodies. */
    static final class EchoingRoster extends RosterApplication {
        EchoingRoster(UnaryOperator<@Nullable String> environment, Clock clock) {
            super(environment, clock, Terminal.ofProcess());
        }

        @Override
        public void run(RosterConfiguration configuration, Environment environment) throws Exception {
            super.run(configuration, environment);
            environment.jersey().register(new EchoResource());
        }
    }

    /** Logs the request body and fails with it. */
    @Path("/api/v1/echo")
    public static final class EchoResource {
        private static final Logger LOGGER = LoggerFactory.getLogger(EchoResource.class);

        @POST
        public void echo(byte[] body) {
            String text = new String(body, StandardCharsets.UTF_8);
            LOGGER.warn("It says {}", text);
            throw new IllegalStateException(text, new IllegalArgumentException(text));
        }
    }
}
