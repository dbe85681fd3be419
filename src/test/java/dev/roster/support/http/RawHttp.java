package dev.roster.support.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sends any bytes over a new connection and reads the answers. Thread-safe. */
public final class RawHttp {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final byte[] HEADER_END = {'\r', '\n', '\r', '\n'};

    private final URI base;

    public RawHttp(URI base) {
        this.base = base;
    }

    /** Encodes each character as one byte. */
    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Concatenates byte arrays. */
    public static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(joined::writeBytes);
        return joined.toByteArray();
    }

    /** Sends a text, each character as one byte. */
    public Answers send(String request) {
        return send(bytes(request));
    }

    /** Sends bytes and reads until the service closes the connection, which it has to do. */
    public Answers send(byte[] request) {
        return exchange(request, Integer.MAX_VALUE, false);
    }

    /** Sends bytes and reads this many answers. */
    public Answers send(byte[] request, int answers) {
        return exchange(request, answers, false);
    }

    /** Sends bytes, closes the output, and reads until the service closes the connection. */
    public Answers sendAll(byte[] request) {
        return exchange(request, Integer.MAX_VALUE, true);
    }

    private Answers exchange(byte[] request, int enough, boolean end) {
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            write(socket, request, end);
            ByteArrayOutputStream received = new ByteArrayOutputStream();
            boolean closed = read(socket.getInputStream(), received, enough);
            return new Answers(parse(received.toByteArray(), closed), closed);
        } catch (SocketTimeoutException e) {
            throw new AssertionError(
                    "Neither closed nor answered: " + new String(request, StandardCharsets.ISO_8859_1), e);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    // A client that is refused in the middle of a request cannot write the rest. The answer decides.
    private static void write(Socket socket, byte[] request, boolean end) {
        try {
            socket.getOutputStream().write(request);
            if (end) {
                socket.shutdownOutput();
            }
        } catch (IOException refused) {
            assertThat(refused).isInstanceOf(SocketException.class);
        }
    }

    private static boolean read(InputStream from, ByteArrayOutputStream received, int enough) throws IOException {
        byte[] buffer = new byte[8192];
        while (enough == Integer.MAX_VALUE
                || parse(received.toByteArray(), false).size() < enough) {
            int count;
            try {
                count = from.read(buffer);
            } catch (SocketTimeoutException e) {
                throw e;
            } catch (SocketException reset) {
                count = -1;
            }
            if (count < 0) {
                return true;
            }
            received.write(buffer, 0, count);
        }
        return false;
    }

    /** @param whole whether nothing follows, so that a short body belongs to the answer to a HEAD */
    private static List<Reply> parse(byte[] received, boolean whole) {
        List<Reply> replies = new ArrayList<>();
        int position = 0;
        int end;
        while ((end = indexOf(received, HEADER_END, position)) >= 0) {
            String[] lines =
                    new String(received, position, end - position, StandardCharsets.ISO_8859_1).split("\r\n", -1);
            int status = Integer.parseInt(lines[0].split(" ", 3)[1]);
            HttpHeaders headers = headers(Arrays.asList(lines).subList(1, lines.length));
            int bodyStart = end + HEADER_END.length;
            int length = (int) headers.firstValueAsLong("Content-Length").orElse(0);
            int bodyEnd = Math.min(bodyStart + length, received.length);
            if (bodyEnd - bodyStart < length && !whole) {
                break;
            }
            replies.add(new Reply(
                    status, headers, new String(received, bodyStart, bodyEnd - bodyStart, StandardCharsets.UTF_8)));
            position = bodyEnd;
        }
        return replies;
    }

    /** Parses header lines, {@code name: value} each. */
    public static HttpHeaders headers(List<String> lines) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (String line : lines) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return HttpHeaders.of(headers, (name, value) -> true);
    }

    private static int indexOf(byte[] in, byte[] what, int from) {
        for (int i = from; i <= in.length - what.length; i++) {
            if (Arrays.equals(in, i, i + what.length, what, 0, what.length)) {
                return i;
            }
        }
        return -1;
    }

    /**
     * The answers on one connection.
     *
     * @param closed whether the service has closed it
     */
    public record Answers(List<Reply> replies, boolean closed) {
        /** Returns the only answer, and fails if there are none or more. */
        public Reply only() {
            assertThat(replies).as("answers").hasSize(1);
            return replies.get(0);
        }
    }
}
