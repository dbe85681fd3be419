package dev.roster.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Crowd;
import dev.roster.support.http.LargeAnswer;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Files and documents have the same bytes for all clients, which share one copy of them. */
class SharedAnswersIT {
    @RegisterExtension
    static final RosterExtension ROSTER =
            new RosterExtension().with("EXCHANGE_TIMEOUT", "60s").running(LargeAnswer::service);

    /** R3 */
    @Test
    void slowClientsShareOneCopyOfALargeAnswer() {
        int readers = 200;
        ROSTER.api().raw("GET", LargeAnswer.PATH).expect(200);
        long before = usedMemory();
        try (Crowd crowd = new Crowd(ROSTER.api().base(), readers)) {
            crowd.send("GET " + LargeAnswer.PATH + " HTTP/1.1\r\nHost: a\r\n\r\n");
            Poll.until("all clients have stopped reading", Duration.ofSeconds(50), () -> pendingWrites() == readers);

            assertThat(usedMemory() - before).isLessThan(64L * 1024 * 1024); // copies would take 400 MB
        }
    }

    private static long usedMemory() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long pendingWrites() {
        return Arrays.stream(ROSTER.support()
                        .getEnvironment()
                        .getApplicationContext()
                        .getServer()
                        .getConnectors())
                .flatMap(connector -> connector.getConnectedEndPoints().stream())
                .filter(endPoint ->
                        ((AbstractEndPoint) endPoint).getWriteFlusher().isPending())
                .count();
    }
}
