package dev.roster.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.RosterApplication;
import dev.roster.RosterConfiguration;
import dev.roster.shell.terminal.Terminal;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Crowd;
import io.dropwizard.core.setup.Environment;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that do not read large answers of their own take a bounded part of the heap. */
class UnreadAnswersIT {
    @RegisterExtension
    static final RosterExtension ROSTER =
            new RosterExtension().with("EXCHANGE_TIMEOUT", "60s").running(UnreadAnswersIT::service);

    private static final Duration PATIENCE = Duration.ofSeconds(50);
    private static final String PATH = "/own";

    /** How many of the answers fit into the bound, and leave some room for the answers about metrics. */
    private static final int KEPT = 20;

    /** R3, F14 */
    @Test
    void longestUnreadAnswersMakeRoomForNewOnes() {
        for (int i = 0; i < KEPT + 5; i++) {
            ROSTER.api().raw("GET", PATH).expect(200);
        }
        assertThat(displaced()).as("of clients that read").isZero();

        try (Crowd crowd = readersOf(KEPT + 10)) {
            Poll.until("some have made way", PATIENCE, () -> displaced() == 10 && pendingWrites() == KEPT);

            assertThat(crowd.ended()).isEqualTo(10);
        }

        Poll.until("the others have gone", PATIENCE, () -> pendingWrites() == 0);
        try (Crowd crowd = readersOf(KEPT)) {
            Poll.until("all are kept", PATIENCE, () -> pendingWrites() == KEPT);

            assertThat(displaced()).isEqualTo(10);
            assertThat(crowd.ended()).isZero();
        }
    }

    private static Crowd readersOf(int answers) {
        return new Crowd(ROSTER.api().base(), answers).send("GET " + PATH + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    private static long displaced() {
        return ROSTER.count("roster_connections_ended_total", "reason", "displaced");
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

    private static RosterApplication service(UnaryOperator<@Nullable String> environment, Clock clock) {
        return new RosterApplication(environment, clock, Terminal.ofProcess()) {
            @Override
            public void run(RosterConfiguration configuration, Environment services) throws Exception {
                super.run(configuration, services);
                services.jersey().register(new OwnAnswer());
            }
        };
    }

    /** An answer that each client has a copy of. */
    @Path(PATH)
    public static final class OwnAnswer {
        private final byte[] body = new byte[(int) (UnreadAnswers.MAXIMUM / KEPT * 49 / 50)];

        @GET
        public byte[] get() {
            return body;
        }
    }
}
