package dev.roster.http.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.RosterExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.eclipse.jetty.server.Connector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** R3: connections without a request. */
class IdleTimeoutIT {
    @RegisterExtension
    static final RosterExtension DEFAULT = new RosterExtension();

    @RegisterExtension
    static final RosterExtension SHORT = new RosterExtension().with("IDLE_TIMEOUT", "1s");

    /** nginx and AWS's balancers keep theirs for 60 s, Traefik and Go for 90 s, Caddy for 2 minutes. */
    @Test
    void connectionsAreKeptForLongerThanProxiesKeepThem() {
        assertThat(Arrays.stream(DEFAULT.support()
                                .getEnvironment()
                                .getApplicationContext()
                                .getServer()
                                .getConnectors())
                        .map(Connector::getIdleTimeout))
                .containsExactly(130_000L, 130_000L);
    }

    @Test
    void idleConnectionIsClosedAfterTheTimeout() throws IOException {
        for (int port : new int[] {SHORT.api().base().getPort(), SHORT.admin().getPort()}) {
            try (Socket fresh = new Socket(InetAddress.getLoopbackAddress(), port);
                    Socket used = new Socket(InetAddress.getLoopbackAddress(), port)) {
                fresh.setSoTimeout(30_000);
                used.setSoTimeout(30_000);
                used.getOutputStream()
                        .write("HEAD /ping HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

                assertThat(new String(used.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .startsWith("HTTP/1.1 ")
                        .doesNotContain("Connection: close");
                assertThat(fresh.getInputStream().read()).isEqualTo(-1);
            }
        }
    }
}
