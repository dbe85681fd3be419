package dev.roster.support.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LinkIT {
    private static final int SOON_MILLIS = 200;
    private static final int PATIENCE_MILLIS = 10_000;

    private final ServerSocket server;
    private final Link link;

    LinkIT() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        link = Link.to("jdbc:postgresql://127.0.0.1:" + server.getLocalPort() + "/roster");
    }

    @BeforeEach
    void echo() {
        Thread echo = new Thread(() -> {
            try (server) {
                while (true) {
                    Socket one = server.accept();
                    new Thread(() -> echo(one)).start();
                }
            } catch (IOException closed) {
                return;
            }
        });
        echo.start();
    }

    @AfterEach
    void stop() throws IOException {
        link.close();
        server.close();
    }

    @Test
    void linkHasItsOwnPortAndTheSamePath() {
        assertThat(link.url()).startsWith("jdbc:postgresql://127.0.0.1:").endsWith("/roster");
        assertThat(port()).isNotEqualTo(server.getLocalPort());
    }

    @Test
    void linkCarriesBothWays() throws IOException {
        try (Socket client = connect()) {
            send(client, 1);
            assertThat(receive(client)).isEqualTo(1);
        }
    }

    @Test
    void linkCarriesPacketsThatBeginWithAnyByte() throws IOException {
        try (Socket client = connect()) {
            for (int first = 0; first <= 255; first++) {
                send(client, first);
                assertThat(receive(client)).isEqualTo(first);
            }
        }
    }

    @Test
    void delayedLinkDelaysBothWays() throws IOException {
        link.delay(Duration.ofMillis(SOON_MILLIS));
        try (Socket client = connect()) {
            long sent = System.nanoTime();
            send(client, 1);
            assertThat(receive(client)).isEqualTo(1);
            assertThat(Duration.ofNanos(System.nanoTime() - sent)).isGreaterThan(Duration.ofMillis(2 * SOON_MILLIS));
        }
    }

    @Test
    void cutLinkClosesOldAndNewConnections() throws IOException {
        try (Socket old = connect()) {
            send(old, 1);
            assertThat(receive(old)).isEqualTo(1);
            link.cut();
            assertClosed(old);
        }
        try (Socket refused = connect()) {
            assertClosed(refused);
        }

        link.restore();
        linkCarriesBothWays();
    }

    @Test
    void halfOpenLinkStaysOpenAndLetsNothingPass() throws IOException {
        try (Socket old = connect()) {
            send(old, 1);
            assertThat(receive(old)).isEqualTo(1);
            link.halfOpen();
            try (Socket late = connect()) {
                send(old, 2);
                send(late, 3);
                assertHangs(old);
                assertHangs(late);

                link.restore();
                assertThat(receive(old)).isEqualTo(2);
                assertThat(receive(late)).isEqualTo(3);
            }
        }
    }

    @Test
    void cutClosesConnectionsThatHang() throws IOException {
        link.halfOpen();
        try (Socket client = connect()) {
            send(client, 1);
            assertHangs(client);
            link.cut();
            assertClosed(client);
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException closed) {
            return;
        }
    }

    private int port() {
        return URI.create(link.url().substring("jdbc:".length())).getPort();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static void send(Socket socket, int what) throws IOException {
        socket.getOutputStream().write(what);
    }

    private static int receive(Socket socket) throws IOException {
        return socket.getInputStream().read();
    }

    private static void assertClosed(Socket socket) {
        try {
            assertThat(receive(socket)).isEqualTo(-1);
        } catch (IOException reset) {
            assertThat(reset).isInstanceOf(SocketException.class);
        }
    }

    private static void assertHangs(Socket socket) throws IOException {
        socket.setSoTimeout(SOON_MILLIS);
        assertThatThrownBy(() -> receive(socket)).isInstanceOf(SocketTimeoutException.class);
        socket.setSoTimeout(PATIENCE_MILLIS);
    }
}
