package dev.roster.support.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A TCP proxy in front of one address that fails in the ways that networks do: it closes connections, drops packets or
 * delays them. Thread-safe.
 */
public final class Link implements AutoCloseable {
    private static final int CONNECT_MILLIS = 5_000;

    /** Equals no byte. */
    private static final int NOWHERE = Integer.MIN_VALUE;

    private final ServerSocket listener;
    private final URI target;
    private final String url;
    private final Set<Tunnel> tunnels = new HashSet<>();
    private State state = State.WELL;
    private Duration delay = Duration.ZERO;

    private int breakOffAt = NOWHERE;

    private enum State {
        WELL,
        CUT,
        HALF_OPEN
    }

    private Link(ServerSocket listener, URI target, String url) {
        this.listener = listener;
        this.target = target;
        this.url = url;
    }

    /**
     * Opens a link to an address such as {@code jdbc:postgresql://127.0.0.1:5432/roster} or
     * {@code http://127.0.0.1:8000}.
     */
    public static Link to(String url) {
        try {
            URI target = URI.create(url.replaceFirst("^jdbc:", ""));
            ServerSocket listener = new ServerSocket(0, 512, InetAddress.getByName("127.0.0.1"));
            String here = "//127.0.0.1:" + listener.getLocalPort();
            Link link = new Link(listener, target, url.replace("//" + target.getRawAuthority(), here));
            daemon(link::accept);
            return link;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The address through this link. */
    public String url() {
        return url;
    }

    /** Closes every connection, and each new one at once, as when the server has ended. */
    public synchronized void cut() {
        state = State.CUT;
        notifyAll();
        List.copyOf(tunnels).forEach(Tunnel::close);
    }

    /**
     * Lets nothing pass in either direction, as when a cable is pulled. Connections stay open and new ones are
     * accepted. What was sent meanwhile arrives after {@link #restore}.
     */
    public synchronized void halfOpen() {
        state = State.HALF_OPEN;
    }

    /**
     * Becomes {@link #halfOpen} at the next packet that begins with this byte. Of that packet only this byte passes.
     */
    public synchronized void breakOffAt(char first) {
        breakOffAt = first;
    }

    /** Delays each packet in both directions. A packet right behind another is delayed at most twice as long. */
    public synchronized void delay(Duration newDelay) {
        delay = newDelay;
    }

    /** Ends every fault. Connections that {@link #cut} closed stay closed. */
    public synchronized void restore() {
        state = State.WELL;
        delay = Duration.ZERO;
        breakOffAt = NOWHERE;
        notifyAll();
    }

    /** Closes every connection and the port. */
    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            cut();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                daemon(() -> connect(client));
            }
        } catch (IOException closed) {
            return;
        }
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        Passage passage = new Passage();
        try (Tunnel tunnel = new Tunnel(client, server, passage)) {
            if (!passage.open(tunnel)) {
                return;
            }
            passage.await();
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            server.connect(new InetSocketAddress(target.getHost(), target.getPort()), CONNECT_MILLIS);
            tunnel.carry();
        } catch (IOException e) {
            // The server is down or the link was cut: the client's connection is closed.
            return;
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "link");
        thread.setDaemon(true);
        thread.start();
    }

    /** Applies the state of the link to one connection. */
    private final class Passage implements Tunnel.Gate {
        private boolean over;

        boolean open(Tunnel tunnel) {
            synchronized (Link.this) {
                return state != State.CUT && tunnels.add(tunnel);
            }
        }

        @Override
        public void await() throws IOException {
            synchronized (Link.this) {
                try {
                    long due = System.nanoTime() + delay.toNanos();
                    long left = delay.toNanos();
                    while (!over && (state == State.HALF_OPEN || left > 0)) {
                        if (left > 0) {
                            TimeUnit.NANOSECONDS.timedWait(Link.this, left);
                        } else {
                            Link.this.wait();
                        }
                        left = due - System.nanoTime();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    over = true;
                }
                if (over) {
                    throw new IOException("The link has been cut");
                }
            }
        }

        @Override
        public boolean breaksOff(byte first) {
            synchronized (Link.this) {
                boolean here = first == breakOffAt;
                if (here) {
                    breakOffAt = NOWHERE;
                    state = State.HALF_OPEN;
                }
                return here;
            }
        }

        @Override
        public void forget(Tunnel tunnel) {
            synchronized (Link.this) {
                over = true;
                tunnels.remove(tunnel);
                Link.this.notifyAll();
            }
        }
    }
}
