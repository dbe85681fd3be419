package dev.roster.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.util.Locale;

/** A minimal HTTP client on one persistent connection; its own time must not blur the measurement. */
final class KeptConnection implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;
    private static final String LENGTH = "content-length:";

    private final Socket socket;
    private final InputStream responses;

    KeptConnection(URI base) throws IOException {
        socket = new Socket(base.getHost(), base.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        responses = new BufferedInputStream(socket.getInputStream());
    }

    /** The status of a response, and the time from before the request was sent until the response was complete. */
    record Timed(int status, long nanos) {}

    Timed send(byte[] request) {
        try {
            long start = System.nanoTime();
            socket.getOutputStream().write(request);
            String first = line();
            int length = 0;
            for (String header = line(); !header.isEmpty(); header = line()) {
                String lower = header.toLowerCase(Locale.ROOT);
                if (lower.startsWith(LENGTH)) {
                    length = Integer.parseInt(lower.substring(LENGTH.length()).strip());
                }
            }
            responses.readNBytes(length);
            long end = System.nanoTime();
            return new Timed(Integer.parseInt(first.substring(9, 12)), end - start); // after "HTTP/1.1 "
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = responses.read(); b != '\n'; b = responses.read()) {
            if (b < 0) {
                throw new IOException("The connection was closed");
            }
            line.append((char) b);
        }
        return line.toString().stripTrailing();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
