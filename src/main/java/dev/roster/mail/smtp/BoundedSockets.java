package dev.roster.mail.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;

/**
 * Makes the sockets of one mail, and closes them when its time is over. A time limit for each read does not suffice: a
 * server that sends a byte now and then would never reach it. Thread-safe.
 */
final class BoundedSockets extends SSLSocketFactory implements AutoCloseable {
    private static final ScheduledExecutorService CLOSER = closer();

    private final SSLSocketFactory factory;
    private final Queue<Socket> made = new ConcurrentLinkedQueue<>();
    private final Future<?> end;
    private volatile boolean isOver;

    BoundedSockets(SSLSocketFactory factory, Duration limit) {
        this.factory = factory;
        this.end = CLOSER.schedule(this::abort, limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static ScheduledExecutorService closer() {
        ScheduledThreadPoolExecutor closer = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "smtp-closer");
            thread.setDaemon(true);
            return thread;
        });
        closer.setRemoveOnCancelPolicy(true); // the sockets of mails that were sent take no memory
        return closer;
    }

    /** Whether the time was over before the mail was sent. */
    boolean isOver() {
        return isOver;
    }

    private void abort() {
        isOver = true;
        made.forEach(BoundedSockets::close);
    }

    /** Closes a socket below TLS: closing TLS itself could wait for the other side. */
    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("A socket does not close", e);
        }
    }

    @Override
    public void close() {
        boolean unused = end.cancel(false);
    }

    /** For connections that begin in plain text: with a factory for TLS, the library would begin TLS at once. */
    SocketFactory plain() {
        return new SocketFactory() {
            @Override
            public Socket createSocket() {
                return BoundedSockets.this.createSocket();
            }

            @Override
            public Socket createSocket(String host, int port) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Socket createSocket(String host, int port, InetAddress local, int localPort) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Socket createSocket(InetAddress host, int port) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
                throw new UnsupportedOperationException();
            }
        };
    }

    /** A socket that is not connected, and has no TLS yet. */
    @Override
    public Socket createSocket() {
        Socket socket = new Socket();
        made.add(socket);
        return socket;
    }

    /** TLS over a connected socket. */
    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
        return factory.createSocket(socket, host, port, autoClose);
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return factory.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return factory.getSupportedCipherSuites();
    }
}
