package dev.roster.fleet;

import dev.roster.support.http.RawHttp;
import dev.roster.support.http.Reply;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client that costs little time itself. Sends one request at a time on a connection that it keeps, and repeats none.
 * Not thread-safe.
 */
public final class Client implements AutoCloseable {
    /** A request that takes longer fails. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Shorter than the idle timeout of the service, so that the client uses no connection that is about to close. */
    private static final Duration MAX_IDLE = Duration.ofSeconds(15);

    private static final String HEADER_END = "\r\n\r\n";

    private final String name;
    private final URI address;
    private final Duration patience;
    private @Nullable Connection connection;
    private long lastUsed;

    /** @param name the name of the node */
    public Client(String name, URI address) {
        this(name, address, PATIENCE);
    }

    public Client(String name, URI address, Duration patience) {
        this.name = name;
        this.address = address;
        this.patience = patience;
    }

    public String name() {
        return name;
    }

    public Answer send(Request request) {
        long begun = System.nanoTime();
        long sent = begun;
        try {
            Connection current = connected();
            byte[] bytes = request.bytes(address);
            sent = System.nanoTime();
            Reply reply = current.exchange(bytes);
            lastUsed = System.nanoTime();
            if ("close".equalsIgnoreCase(reply.header("Connection"))) {
                close();
            }
            return new Answer(reply, begun, sent, lastUsed, "");
        } catch (IOException e) {
            close();
            return new Answer(null, begun, sent, System.nanoTime(), e.toString());
        }
    }

    private Connection connected() throws IOException {
        if (connection != null && System.nanoTime() - lastUsed > MAX_IDLE.toNanos()) {
            close();
        }
        if (connection == null) {
            connection = Connection.to(address, patience);
        }
        return connection;
    }

    @Override
    public void close() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    private record Connection(Socket socket, InputStream in) {
        static Connection to(URI address, Duration patience) throws IOException {
            Socket socket = new Socket();
            socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), (int) patience.toMillis());
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) patience.toMillis());
            return new Connection(socket, new BufferedInputStream(socket.getInputStream()));
        }

        Reply exchange(byte[] request) throws IOException {
            socket.getOutputStream().write(request);
            List<String> lines = Arrays.asList(head().split("\r\n", -1));
            HttpHeaders headers = RawHttp.headers(lines.subList(1, lines.size()));
            if (headers.firstValue("Transfer-Encoding").isPresent()) {
                throw new IOException("Not understood: " + headers);
            }
            int length = (int) headers.firstValueAsLong("Content-Length").orElse(0);
            byte[] body = in.readNBytes(length);
            if (body.length < length) {
                throw new EOFException("Closed within an answer");
            }
            int status = Integer.parseInt(lines.get(0).split(" ", 3)[1]);
            return new Reply(status, headers, new String(body, StandardCharsets.UTF_8));
        }

        private String head() throws IOException {
            StringBuilder head = new StringBuilder(512);
            while (head.indexOf(HEADER_END, Math.max(0, head.length() - HEADER_END.length())) < 0) {
                int next = in.read();
                if (next < 0) {
                    throw new EOFException("Closed without an answer");
                }
                head.append((char) next);
            }
            return head.substring(0, head.length() - HEADER_END.length());
        }

        void close() {
            try {
                socket.close();
            } catch (IOException e) {
                // There is nothing more to close.
                return;
            }
        }
    }
}
