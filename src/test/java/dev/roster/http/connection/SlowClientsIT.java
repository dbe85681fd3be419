package dev.roster.http.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.http.Api;
import dev.roster.support.http.Crowd;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Connector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Slow clients and large numbers of clients. They are cut off even if they keep sending bytes. Meanwhile other clients
 * are served, although the slow ones outnumber the threads.
 */
class SlowClientsIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .with("HASH_WAIT", "1s")
            .with("EXCHANGE_TIMEOUT", "2s")
            .set("server.maxThreads", "16");

    @RegisterExtension
    static final RosterExtension FULL = new RosterExtension().with("MAX_CONNECTIONS", "50");

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 ([0-9]{3})");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CROWD = 200;

    /** Enough requests to fill all buffers with answers. */
    private static final int READERS = 40;

    /** Connections of ordinary clients. */
    private static final int OTHERS = 10;

    private static final String ME = "GET /api/v1/users/me HTTP/1.1\r\nHost: a\r\n";
    private static final String LOGIN =
            "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
    private static final String LENGTH = LOGIN + "Content-Length: 1000\r\n";
    private static final String CHUNKED = LOGIN + "Transfer-Encoding: chunked\r\n";
    private static final String TOKEN = TestTokens.sign(TestTokens.header(), TestTokens.claims(UUID.randomUUID()));

    private final Api api = ROSTER.api();

    static Stream<Arguments> slowHeaderIsCutOff() {
        return Stream.of(
                arguments("a letter", "G", ""),
                arguments("a request line that grows", "GET /", "a"),
                arguments("half a header", ME + "X: a", ""),
                arguments("a value that grows", ME + "X: a", "a"),
                arguments("ever more fields", ME, "X: a\r\n"));
    }

    /** R3, F14 */
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void slowHeaderIsCutOff(String name, String opening, String more) {
        assertThat(endedAfter(opening, more)).containsOnly("");
    }

    static Stream<Arguments> slowBodyIsAnsweredInTime() {
        return Stream.of(
                arguments("nothing of it", "408", LENGTH + "\r\n", ""),
                arguments("a letter", "408", LENGTH + "\r\n{", ""),
                arguments("a body that grows", "408", LENGTH + "\r\n{", " "),
                arguments("one that is expected", "408", LENGTH + "Expect: 100-continue\r\n\r\n", " "),
                arguments("half a size", "408", CHUNKED + "\r\n1", ""),
                arguments("half a chunk", "408", CHUNKED + "\r\n5\r\n{", ""),
                arguments("tiny chunks", "408", CHUNKED + "\r\n1\r\n{\r\n", "1\r\n \r\n"),
                arguments("a huge chunk", "408", CHUNKED + "\r\n7fffffffffffffff\r\n{", " "),
                arguments("an extension that grows", "408", CHUNKED + "\r\n1;a=", "a"),
                arguments("trailers without end", "408", CHUNKED + "\r\n2\r\n{}\r\n0\r\n", "X: a\r\n"),
                arguments("one that is too large", "413", LOGIN + "Content-Length: 17000\r\n\r\n{", " "),
                arguments(
                        "chunks that are too large",
                        "413",
                        CHUNKED + "\r\n4268\r\n" + " ".repeat(17_000),
                        "\r\n1\r\n "),
                arguments("thousands of chunks", "408", CHUNKED + "\r\n" + "1\r\n \r\n".repeat(2_000), "1\r\n \r\n"),
                arguments("one for nobody", "401", LENGTH.replace("login", "logout") + "\r\n", " "));
    }

    /** R3, F14: a complete header is answered. */
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void slowBodyIsAnsweredInTime(String name, String status, String opening, String more) {
        List<String> expected = opening.contains("Expect") ? List.of("100", status) : List.of(status);
        assertThat(endedAfter(opening, more))
                .allSatisfy(answers -> assertThat(statuses(answers)).isEqualTo(expected));
    }

    static Stream<Arguments> connectionClosesAfterGarbage() {
        return Stream.of(
                arguments("noise", "400", "\u0016\u0003\u0001".repeat(100)),
                arguments("a request, then noise", "401( 400)?", ME + "\r\n" + "\u0000\u00ff".repeat(5_000)),
                arguments(
                        "a body, then what is too long for it", "400( 400)?", LOGIN + "Content-Length: 1\r\n\r\n{{{{{"),
                arguments("a size past 64 bits", "400", CHUNKED + "\r\n" + "f".repeat(17) + "\r\n"),
                arguments("a long extension", "400", CHUNKED + "\r\n1;" + "a".repeat(100_000)));
    }

    /** R3, V14: nothing after a malformed request is read, and the connection closes. */
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void connectionClosesAfterGarbage(String name, String statuses, String all) {
        try (Crowd crowd = new Crowd(api.base(), CROWD).send(all)) {
            awaitTheEndOf(crowd, ME + "\r\n");

            assertThat(crowd.received()).allSatisfy(answers -> assertThat(String.join(" ", statuses(answers)))
                    .matches(statuses));
        }
    }

    /** R3, F14: unread answers hold no threads, and are dropped after a while. */
    @Test
    void slowReadersOfLargeAnswersAreCutOff() {
        ROSTER.jdbi().useHandle(handle -> handle.execute("""
                INSERT INTO users (id, name, email, role, password_hash)
                SELECT gen_random_uuid(), repeat('n', 100),
                       'slow' || n || '@' || repeat('example.', 20) || 'com', 'user', 'x'
                FROM generate_series(1, 200) n
                """));
        String list = "GET /api/v1/users?limit=200 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + TOKEN + "\r\n\r\n";

        expectSilentReadersAreCutOff(list, 10, "200");
    }

    /** R3, F14 */
    @Test
    void slowReadersOfSmallAnswersAreCutOff() {
        expectSilentReadersAreCutOff(ME + "\r\n", 1_000, "401");
    }

    private void expectSilentReadersAreCutOff(String request, int times, String status) {
        try (Crowd crowd = new Crowd(api.base(), READERS).send(request.repeat(times))) {
            Poll.until("all ended", PATIENCE, () -> serves(api) && connections(ROSTER) <= OTHERS);

            crowd.ended();
            assertThat(crowd.received()).allSatisfy(answers -> assertThat(statuses(answers))
                    .hasSizeBetween(1, times - 1)
                    .containsOnly(status));
        }
    }

    /** R3 */
    @Test
    void connectionsClosedInsideAHeaderAreReleased() {
        try (Crowd crowd = new Crowd(api.base(), CROWD).send(ME).endOutput()) {
            awaitTheEndOf(crowd, "");
        }
    }

    /** R3 */
    @Test
    void connectionsThatClientsDoNotCloseAreReleased() {
        try (Crowd crowd = new Crowd(api.base(), CROWD).send(ME + "Connection: close\r\n\r\n")) {
            awaitTheEndOf(crowd, "more");
        }
    }

    /** R3, F13: past the limit the longest idle connections are closed, and new clients are served. */
    @Test
    void longestIdleConnectionsMakeRoomForNewOnes() {
        Api full = FULL.api();
        try (Crowd busy = new Crowd(full.base(), 1).send(ME);
                Crowd idle = new Crowd(full.base(), CROWD)) {
            Poll.until("they make way", PATIENCE, () -> serves(full) && connections(FULL) <= 50);
            try (Crowd last = new Crowd(full.base(), OTHERS)) {
                Poll.until("so do others", PATIENCE, () -> serves(full) && idle.ended() >= CROWD - 50 + OTHERS);
                busy.send("\r\n");
                last.send(ME + "\r\n");

                Poll.until("all others answered", PATIENCE, () -> {
                    assertThat(busy.ended() + last.ended()).isZero();
                    return Stream.of(busy, last)
                            .flatMap(crowd -> crowd.received().stream())
                            .allMatch(answers -> statuses(answers).equals(List.of("401")));
                });
            }
            assertThat(FULL.count("roster_connections_ended_total", "reason", "displaced"))
                    .isGreaterThanOrEqualTo(CROWD - 50 + OTHERS);
        }
    }

    private List<String> endedAfter(String opening, String more) {
        try (Crowd crowd = new Crowd(api.base(), CROWD).send(opening)) {
            awaitTheEndOf(crowd, more);
            return crowd.received();
        }
    }

    /** Waits for both directions: a half-closed connection still holds memory. */
    private void awaitTheEndOf(Crowd crowd, String more) {
        Poll.until("all ended", PATIENCE, () -> {
            crowd.send(more);
            return serves(api) && crowd.ended() == CROWD && connections(ROSTER) <= OTHERS;
        });
    }

    private static boolean serves(Api api) {
        api.get("/users/me", null).expect(401);
        return true;
    }

    private static int connections(RosterExtension roster) {
        Connector[] connectors = roster.support()
                .getEnvironment()
                .getApplicationContext()
                .getServer()
                .getConnectors();
        return Arrays.stream(connectors)
                .mapToInt(connector -> connector.getConnectedEndPoints().size())
                .sum();
    }

    private static List<String> statuses(String answers) {
        return STATUS.matcher(answers).results().map(found -> found.group(1)).toList();
    }
}
