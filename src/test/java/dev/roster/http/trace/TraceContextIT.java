package dev.roster.http.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.RawHttp;
import dev.roster.support.http.Reply;
import dev.roster.support.process.ConsoleLog;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** W3C Trace Context, level 2 */
class TraceContextIT {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";
    private static final Pattern RESPONSE =
            Pattern.compile("00-(?<trace>[0-9a-f]{32})-(?<span>[0-9a-f]{16})-(?<flags>[0-9a-f]{2})");

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    private final Api api = ROSTER.api();
    private final RawHttp raw = ROSTER.raw();

    /** Unknown flags are dropped, and additions of later versions ignored. */
    @ParameterizedTest
    @CsvSource({
        "00-" + TRACE + "-" + SPAN + "-00, 00",
        "00-" + TRACE + "-" + SPAN + "-01, 01",
        "00-" + TRACE + "-" + SPAN + "-02, 02",
        "00-" + TRACE + "-" + SPAN + "-03, 03",
        "00-" + TRACE + "-" + SPAN + "-ff, 03",
        "cc-" + TRACE + "-" + SPAN + "-01, 01",
        "cc-" + TRACE + "-" + SPAN + "-01-what-comes-later, 01"
    })
    void requestJoinsTheTraceOfItsClient(String traceparent, String flags) {
        for (String path : new String[] {"/users/me", "/nothing"}) {
            Reply reply = api.send(api.request(path)
                    .header("traceparent", traceparent)
                    .header("tracestate", "congo=t61rcWkgMzE")
                    .GET());

            Matcher response = response(reply);

            assertThat(response.group("trace")).isEqualTo(TRACE);
            assertThat(response.group("span")).isNotEqualTo(SPAN);
            assertThat(response.group("flags")).isEqualTo(flags);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                TRACE,
                "00-" + TRACE + "-" + SPAN,
                "00-" + TRACE + "-" + SPAN + "-",
                "00-" + TRACE + "-" + SPAN + "-1",
                "00-" + TRACE + "-" + SPAN + "-0g",
                "00-" + TRACE + "-" + SPAN + "-01-more",
                "00-" + TRACE + "-" + SPAN + "-01.",
                "cc-" + TRACE + "-" + SPAN + "-01.more",
                "ff-" + TRACE + "-" + SPAN + "-01",
                "0g-" + TRACE + "-" + SPAN + "-01",
                "00-00000000000000000000000000000000-" + SPAN + "-01",
                "00-" + TRACE + "-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + SPAN + "-01",
                "00-" + TRACE + "-00F067AA0BA902B7-01",
                "00-" + TRACE + "-" + SPAN + "-0A",
                "00_" + TRACE + "_" + SPAN + "_01",
                "00-" + TRACE + "x" + SPAN + "-01",
                "00-" + TRACE + "-" + SPAN + "-01, 00-" + TRACE + "-" + SPAN + "-01",
                "00-" + TRACE + "-" + SPAN + "-01\r\ntraceparent: 00-" + TRACE + "-" + SPAN + "-01"
            })
    void malformedHeaderStartsANewTrace(String traceparent) {
        Reply reply = raw.send("GET /api/v1/users/me HTTP/1.1\r\nHost: a\r\nConnection: close\r\ntraceparent: "
                        + traceparent + "\r\n\r\n")
                .only()
                .expect(401);

        assertThat(response(reply).group("trace")).isNotEqualTo(TRACE);
        assertThat(response(reply).group("flags")).isEqualTo("02");
    }

    @Test
    void eachRequestHasItsOwnTrace() {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            Matcher response = response(api.get("/users/me", null));
            ids.add(response.group("trace"));
            ids.add(response.group("span"));
        }

        assertThat(ids).hasSize(40);
    }

    /** Errors that Jetty raises itself. */
    @ParameterizedTest
    @ValueSource(strings = {"/api/v1//users", "/api/v1/users/a%2fb", "/api/v1/users/..;/me"})
    void errorsFromJettyHaveATrace(String path) {
        Reply reply = raw.send("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\ntraceparent: 00-" + TRACE
                        + "-" + SPAN + "-01\r\n\r\n")
                .only()
                .expectProblem(400, "malformed");

        assertThat(response(reply).group("trace")).isEqualTo(TRACE);
    }

    @Test
    void traceIsInEveryLogLine() {
        try (ConsoleLog log = new ConsoleLog()) {
            TestUser user = api.newUser();
            Reply forbidden = api.send(api.request(api.newUser().path(), user.token())
                    .header("traceparent", "00-" + TRACE + "-" + SPAN + "-01")
                    .header("X-Request-Id", "traced")
                    .DELETE());

            assertThat(response(forbidden.expect(403)).group("trace")).isEqualTo(TRACE);
            assertThat(log.linesUntil(2, line -> line.contains("[traced " + TRACE + "]")))
                    .anyMatch(line -> line.contains(" ACCESS "))
                    .anyMatch(line -> line.contains(" SECURITY forbidden"));
        }
    }

    private static Matcher response(Reply reply) {
        Matcher response = RESPONSE.matcher(String.valueOf(reply.header("traceresponse")));
        assertThat(response.matches()).as(reply.headers().toString()).isTrue();
        return response;
    }
}
