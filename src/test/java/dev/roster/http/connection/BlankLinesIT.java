package dev.roster.http.connection;

import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** R3: blank lines before a request are allowed (RFC 9112, section 2.2), but not forever. */
class BlankLinesIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension().set("connections.idleTimeout", "2s");

    @Test
    void blankLinesDoNotKeepAConnectionOpen() throws IOException {
        try (Socket socket = new Socket(
                InetAddress.getByName("127.0.0.1"), ROSTER.api().base().getPort())) {
            Poll.until("the connection is ended", Duration.ofSeconds(30), () -> !sendsBlankLine(socket));
        }
        ROSTER.api().newUser();
    }

    private static boolean sendsBlankLine(Socket socket) {
        try {
            socket.getOutputStream().write("\r\n".getBytes(StandardCharsets.US_ASCII));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
