package dev.roster.http.connection;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of connections that the service has closed. If it left them to the kernel, the kernel would keep the
 * unread part of an answer for minutes, for as many clients as come. So each stays here until its client has had time
 * to take the rest, and is then reset, which discards what is left. Past a maximum one is reset early: the oldest whose
 * client has closed its side too, otherwise the oldest. Thread-safe.
 */
final class ClosedSockets {
    private static final int MAXIMUM = 1_024;

    /** The time for a client that still sends: it may not read at all. */
    private static final Duration SENDER_PATIENCE = Duration.ofSeconds(1);

    /** How long a stop waits for clients that take the rest of their answers. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(1);

    private static final Duration STOP_INTERVAL = Duration.ofMillis(10);

    /** The shortest time between two looks at all clients to make room. A look asks the kernel about each socket. */
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(100);

    /** Oldest first. */
    private final Deque<Closed> sockets = new ArrayDeque<>();

    private long lookedAt = System.nanoTime();

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
            sockets.add(new Closed(socket));
            if (sockets.size() > MAXIMUM) {
                reset(removeOne());
            }
        }
    }

    private SocketChannel removeOne() {
        Closed ended = firstEnded();
        if (ended == null && System.nanoTime() - lookedAt >= LOOK_INTERVAL.toNanos()) {
            lookedAt = System.nanoTime();
            sockets.forEach(Closed::read);
            ended = firstEnded();
        }
        Closed removed = ended == null ? sockets.getFirst() : ended;
        sockets.remove(removed);
        return removed.channel;
    }

    private @Nullable Closed firstEnded() {
        return sockets.stream().filter(socket -> socket.hasEnded).findFirst().orElse(null);
    }

    /** Resets the sockets whose time is over. */
    synchronized void resetOld() {
        sockets.removeIf(socket -> {
            boolean isSending = socket.read() == Input.DATA;
            boolean isOver = socket.age().compareTo(isSending ? SENDER_PATIENCE : patience) >= 0;
            if (isOver) {
                reset(socket.channel);
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
            sockets.forEach(socket -> reset(socket.channel));
            sockets.clear();
        }
    }

    private synchronized boolean resetClosedByClients() {
        sockets.removeIf(socket -> {
            boolean isOver = socket.read() == Input.END;
            if (isOver) {
                reset(socket.channel);
            }
            return isOver;
        });
        return sockets.isEmpty();
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

    private static final class Closed {
        private final SocketChannel channel;
        private final long since = System.nanoTime();

        /** Whether the client has closed its side, too. */
        private boolean hasEnded;

        Closed(SocketChannel channel) {
            this.channel = channel;
        }

        Duration age() {
            return Duration.ofNanos(System.nanoTime() - since);
        }

        /** Reads a byte from the client. */
        Input read() {
            Input input = input();
            hasEnded = input == Input.END;
            return input;
        }

        private Input input() {
            try {
                int count = channel.read(ByteBuffer.allocate(1));
                return count < 0 ? Input.END : count > 0 ? Input.DATA : Input.NOTHING;
            } catch (IOException gone) {
                return Input.END;
            }
        }
    }
}
