package dev.roster.http.connection;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;

/**
 * The sockets of connections that the service has closed. If it left them to the kernel, the kernel would keep the
 * unread part of an answer for minutes, for as many clients as come. So each stays here until its client has had time
 * to take the rest, and is then reset, which discards what is left. Past a maximum the oldest is reset. Thread-safe.
 */
final class ClosedSockets {
    private static final int MAXIMUM = 1_024;

    /** The time for a client that still sends: it may not read at all. */
    private static final Duration SENDER_PATIENCE = Duration.ofSeconds(1);

    /** How long a stop waits for clients that take the rest of their answers. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(1);

    private static final Duration STOP_INTERVAL = Duration.ofMillis(10);

    /** Oldest first. */
    private final Deque<Closed> sockets = new ArrayDeque<>();

    private volatile Duration patience = STOP_PATIENCE;

    /** Sets how long a client may take for the rest of its answer. */
    void setPatience(Duration patience) {
        this.patience = patience;
    }

    /** Ends the output of a socket, and keeps the socket for a while. Its channel must not block. */
    void add(SocketChannel socket) {
        try {
            socket.shutdownOutput();
        } catch (IOException gone) {
            reset(socket);
            return;
        }
        synchronized (this) {
            sockets.add(new Closed(socket, System.nanoTime()));
            if (sockets.size() > MAXIMUM) {
                reset(sockets.remove().channel());
            }
        }
    }

    /** Resets the sockets whose time is over. */
    synchronized void resetOld() {
        sockets.removeIf(socket -> {
            boolean isSending = read(socket.channel()) == Input.DATA;
            boolean isOver = socket.age().compareTo(isSending ? SENDER_PATIENCE : patience) >= 0;
            if (isOver) {
                reset(socket.channel());
            }
            return isOver;
        });
    }

    /** Resets all sockets, each once its client has taken everything and closed the connection, or after a second. */
    void resetAll() {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < STOP_PATIENCE.toNanos() && !resetClosedByClients()) {
            LockSupport.parkNanos(STOP_INTERVAL.toNanos());
        }
        synchronized (this) {
            sockets.forEach(socket -> reset(socket.channel()));
            sockets.clear();
        }
    }

    private synchronized boolean resetClosedByClients() {
        sockets.removeIf(socket -> {
            boolean isOver = read(socket.channel()) == Input.END;
            if (isOver) {
                reset(socket.channel());
            }
            return isOver;
        });
        return sockets.isEmpty();
    }

    private static Input read(SocketChannel socket) {
        try {
            int count = socket.read(ByteBuffer.allocate(1));
            return count < 0 ? Input.END : count > 0 ? Input.DATA : Input.NOTHING;
        } catch (IOException gone) {
            return Input.END;
        }
    }

    /** Closes a socket so that the kernel discards what it holds for it. */
    static void reset(SocketChannel socket) {
        try (socket) {
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException gone) {
            // closed already
            return;
        }
    }

    private enum Input {
        NOTHING,
        DATA,
        END
    }

    private record Closed(SocketChannel channel, long sinceNanos) {
        Duration age() {
            return Duration.ofNanos(System.nanoTime() - sinceNanos);
        }
    }
}
