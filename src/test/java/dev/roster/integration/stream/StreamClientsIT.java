package dev.roster.integration.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.apikey.Scope;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.http.EventStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients of streams that read slowly, not at all, or leave. */
@TestMethodOrder(MethodOrderer.MethodName.class) // the last one revokes many more
class StreamClientsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration EXCHANGE_TIMEOUT = Duration.ofSeconds(2);
    private static final int IDS = 60_000;
    private static final Duration BREATH = Duration.ofMillis(10);
    private static final Duration LONG_BREATH = Duration.ofMillis(100);

    @RegisterExtension
    static final RosterExtension ROSTER =
            new RosterExtension().with("EXCHANGE_TIMEOUT", "2s").with("HASH_WAIT", "1s");

    private final URI base = ROSTER.api().base();
    private final String key = TestKeys.make(ROSTER.jdbi(), Scope.REVOCATIONS);

    @BeforeAll
    static void revokeMany() {
        revoke(IDS);
        Poll.until("all are heard", PATIENCE, () -> ROSTER.count("roster_revoked_ids") >= IDS);
    }

    private static void revoke(int count) {
        ROSTER.jdbi().useHandle(handle -> handle.execute("""
                INSERT INTO token_blocklist (id, kind, expires_at)
                SELECT gen_random_uuid(), 'token', now() + interval '1 hour' FROM generate_series(1, ?)
                """, count));
    }

    private Socket send() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.connect(new InetSocketAddress(base.getHost(), base.getPort()));
        socket.getOutputStream()
                .write(("GET /api/v1/revocations HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + key + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static long streams() {
        return ROSTER.count("roster_revocation_streams");
    }

    @Test
    void streamOfAClientThatDoesNotReadEndsAndOthersGoOn() throws IOException {
        try (EventStream other = EventStream.open(base, key);
                Socket silent = send()) {
            other.await("snapshot");
            Poll.until("both are open", PATIENCE, () -> streams() == 2);

            Poll.until("one has ended", PATIENCE, () -> streams() == 1);

            assertThat(silent.isClosed()).isFalse();
            other.awaitNext("beat");
            assertThat(ROSTER.count("roster_connections_ended_total", "reason", "late"))
                    .isPositive();
        }
        Poll.until("the other one has ended", PATIENCE, () -> streams() == 0);
    }

    /** Reading takes several times as long as an exchange may. */
    @Test
    void streamOfAClientThatReadsSlowlyIsKept() throws IOException {
        try (Socket slow = send()) {
            long begun = System.nanoTime();

            String end = read(slow, BREATH, received -> received.contains("event: beat"));

            assertThat(end).contains("event: beat");
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(EXCHANGE_TIMEOUT);
        }
    }

    /** It cannot be told any more what it missed, so it has to begin anew. */
    @Test
    void streamThatFallsTooFarBehindEnds() throws IOException {
        try (Socket slow = send()) {
            read(slow, BREATH, received -> received.contains("event: snapshot"));
            int more = EventLog.CAPACITY + 10_000;
            long before = ROSTER.count("roster_revoked_ids");
            CompletableFuture<Void> heard = CompletableFuture.runAsync(() -> {
                revoke(more);
                Poll.until("heard", PATIENCE, () -> ROSTER.count("roster_revoked_ids") >= before + more);
            });
            read(slow, LONG_BREATH, received -> heard.isDone());
            heard.join();

            String end = read(slow, Duration.ZERO, received -> received.contains("event: beat"));

            assertThat(end).doesNotContain("event: beat").contains("data: ]}").endsWith("data: ]}\n\n");
        }
    }

    /**
     * Reads until the end of what was received satisfies the condition, or the stream ends.
     *
     * @param pause between two reads
     */
    private static String read(Socket socket, Duration pause, Predicate<String> isEnough) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[16 * 1024];
        String end = "";
        int read;
        while (!isEnough.test(end) && (read = in.read(buffer)) >= 0) {
            end += new String(buffer, 0, read, StandardCharsets.US_ASCII);
            end = end.substring(Math.max(0, end.length() - 2 * buffer.length));
            LockSupport.parkNanos(pause.toNanos());
        }
        return end;
    }

    @Test
    void clientThatLeavesFreesItsPlace() {
        try (EventStream stream = EventStream.open(base, key)) {
            stream.await("beat");
        }

        Poll.until("it has ended", PATIENCE, () -> streams() == 0);
        UUID id = UUID.randomUUID();
        try (EventStream stream = EventStream.open(base, key)) {
            stream.await("beat");
            ROSTER.jdbi().useHandle(handle -> handle.execute("""
                    INSERT INTO token_blocklist (id, kind, expires_at)
                    VALUES (?, 'token', now() + interval '1 hour')
                    """, id));
            stream.await("revoked", event -> event.revokes(id));
        }
    }
}
