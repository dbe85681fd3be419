package dev.roster.http.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.RawHttp;
import dev.roster.support.http.Reply;
import dev.roster.support.process.ConsoleLog;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** L4: the JSON log has one object for each event, whatever clients send. */
class JsonLogIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .with("LOG_LEVEL", "INFO")
            .with("LOG_FORMAT", "json")
            .running(LogIT.EchoingRoster::new);

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String TRACEPARENT = "00-" + TRACE + "-00f067aa0ba902b7-01";

    private final ConsoleLog log = new ConsoleLog();
    private final Api api = ROSTER.api();
    private final RawHttp raw = ROSTER.raw();

    @AfterEach
    void stopListening() {
        log.close();
    }

    @Test
    void eachRequestIsOneObject() {
        int requests = 0;
        for (String lineBreak : LogIT.BREAKS) {
            for (String request : LogIT.requestsWith("\"},{\"x\":\"\\" + lineBreak + LogIT.FORGED)) {
                raw.send(request);
                requests++;
            }
        }

        assertThat(requests(requests)).allSatisfy(line -> {
            assertThat(line.path("status").asInt()).isBetween(200, 599);
            assertThat(line.path("request_id").asText()).matches("[A-Za-z0-9._-]{1,64}");
            assertThat(line.path("trace_id").asText()).matches("[0-9a-f]{32}");
            assertThat(line.path("span_id").asText()).matches("[0-9a-f]{16}");
            assertThat(line.has("x")).isFalse();
        });
    }

    /** Includes exceptions. */
    @Test
    void eachEventIsOneObject() {
        for (String lineBreak : LogIT.BREAKS) {
            String text = "\"}\\" + lineBreak + LogIT.FORGED;
            raw.send("POST /api/v1/echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n"
                            + "traceparent: " + TRACEPARENT + "\r\nContent-Length: " + text.length() + "\r\n\r\n"
                            + text)
                    .only()
                    .expectProblem(500, "internal");
            String said = new String(RawHttp.bytes(text), StandardCharsets.UTF_8);

            List<JsonNode> events = events(2, said);

            assertThat(events).extracting(event -> event.path("level").asText()).containsExactly("WARN", "ERROR");
            assertThat(events).allSatisfy(event -> {
                assertThat(event.path("trace_id").asText()).isEqualTo(TRACE);
                assertThat(event.path("time").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
            });
            assertThat(events.get(0).path("message").asText()).isEqualTo("It says " + said);
            assertThat(events.get(1).path("exception").asText())
                    .contains("IllegalArgumentException: " + said, "\n\tat ", "EchoResource");
        }
        // The lines of the requests come after their answers: the next test must not meet them.
        assertThat(requests(LogIT.BREAKS.size())).isNotEmpty();
    }

    /** L5 */
    @Test
    void requestIsLoggedWithItsUserAddressAndStatus() {
        TestUser user = api.newUser();
        Reply reply = api.send(api.request(user.path() + "?token=" + user.token(), user.token())
                        .header("X-Request-Id", "the-request")
                        .header("traceparent", TRACEPARENT))
                .expect(200);

        JsonNode line = requestOf("the-request");

        assertThat(line.fieldNames())
                .toIterable()
                .containsExactly(
                        "time",
                        "level",
                        "logger",
                        "message",
                        "method",
                        "path",
                        "status",
                        "duration_ms",
                        "bytes",
                        "client",
                        "route",
                        "user_id",
                        "request_id",
                        "trace_id",
                        "span_id");
        assertThat(line.path("message").asText()).isEqualTo("GET /api/v1" + user.path() + " 200");
        assertThat(line.path("path").asText()).isEqualTo("/api/v1" + user.path());
        assertThat(line.path("route").asText()).isEqualTo("/api/v1/users/{id}");
        assertThat(line.path("bytes").asInt()).isEqualTo(reply.text().getBytes(StandardCharsets.UTF_8).length);
        assertThat(line.path("duration_ms").isIntegralNumber()).isTrue();
        assertThat(line.path("client").asText()).isEqualTo("127.0.0.1");
        assertThat(line.path("user_id").asText()).isEqualTo(user.id().toString());
        assertThat(line.path("trace_id").asText()).isEqualTo(TRACE);
        assertThat(reply.header("traceresponse"))
                .isEqualTo("00-" + TRACE + "-" + line.path("span_id").asText() + "-01");
    }

    @Test
    void unknownMembersAreLeftOut() {
        api.send(api.request("/nothing").header("X-Request-Id", "of-nobody")).expect(404);

        assertThat(requestOf("of-nobody").fieldNames())
                .toIterable()
                .contains("request_id", "trace_id", "problem")
                .doesNotContain("user_id", "route", "reason", "jti");
    }

    /** Includes problems that Jetty, Jersey and the readers of bodies raise. */
    @Test
    void refusedRequestIsLoggedWithItsProblemType() {
        TestUser user = api.newUser();
        TestUser other = api.newUser();
        Map<String, Reply> refused = Map.of(
                "invalid-credentials", api.login(user.email(), "wrong"),
                "forbidden", api.delete(other.path(), user.token()),
                "email-taken", api.put(user.path(), user.token(), Map.of("email", other.email())),
                "validation", api.put(user.path(), user.token(), Map.of()),
                "malformed", api.put(user.path(), user.token(), "{"),
                "not-found", api.get("/users/x", user.token()),
                "method-not-allowed", api.delete("/users", user.token()),
                "version-conflict", api.put(user.path(), user.token(), Map.of("name", "B"), "\"9\""),
                "too-large", api.get("/users?" + "a".repeat(9000), user.token()),
                "unauthenticated", api.get("/users/me", null));

        refused.forEach((type, reply) -> {
            reply.expectProblem(reply.status(), type);
            JsonNode line = requestOf(String.valueOf(reply.header("X-Request-Id")));
            assertThat(line.path("problem").textValue()).isEqualTo(type);
            assertThat(line.path("reason").textValue()).isEqualTo(type.equals("unauthenticated") ? "missing" : null);
        });
    }

    /** Includes events on the thread that hashes a password. */
    @Test
    void everyEventHasItsRequestId() {
        TestUser user = api.newUser();
        ROSTER.jdbi()
                .useHandle(
                        handle -> handle.execute("UPDATE users SET password_hash = 'broken' WHERE id = ?", user.id()));
        api.send(api.request("/auth/login")
                        .header("Content-Type", "application/json")
                        .header("X-Request-Id", "the-login")
                        .header("traceparent", TRACEPARENT)
                        .POST(BodyPublishers.ofString(
                                TestTokens.json(Map.of("email", user.email(), "password", Api.PASSWORD)))))
                .expectProblem(401, "invalid-credentials");

        assertThat(events(1, "A stored password hash is not a bcrypt hash"))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.path("thread").asText()).isEqualTo("accounts");
                    assertThat(event.path("request_id").asText()).isEqualTo("the-login");
                    assertThat(event.path("trace_id").asText()).isEqualTo(TRACE);
                    assertThat(event.path("span_id"))
                            .isEqualTo(requestOf("the-login").path("span_id"));
                });
    }

    private JsonNode requestOf(String requestId) {
        List<JsonNode> requests = linesUntil(
                1, line -> isRequest(line) && line.path("request_id").asText().equals(requestId));
        assertThat(requests).hasSize(1);
        return requests.get(0);
    }

    private List<JsonNode> requests(int count) {
        List<JsonNode> requests = linesUntil(count, JsonLogIT::isRequest);
        assertThat(requests).hasSize(count);
        return requests;
    }

    /** Waits for this number of events other than requests that contain this text. */
    private List<JsonNode> events(int count, String text) {
        return linesUntil(
                count,
                line -> !isRequest(line)
                        && (line.path("message").asText()
                                        + line.path("exception").asText())
                                .contains(text));
    }

    private List<JsonNode> linesUntil(int count, Predicate<JsonNode> such) {
        return log.linesUntil(count, line -> such.test(parse(line))).stream()
                .map(JsonLogIT::parse)
                .filter(such)
                .toList();
    }

    private static boolean isRequest(JsonNode line) {
        return line.path("logger").asText().equals("access");
    }

    /** Parses the lines: each is an object in visible ASCII. */
    private static JsonNode parse(String line) {
        assertThat(line).matches("\\{[ -~]*}");
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new AssertionError(line, e);
        }
    }
}
