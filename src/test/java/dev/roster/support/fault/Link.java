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
 * A network to one address that can fail in each way that networks do. A TCP proxy on a port of its own: what connects to
 * {@link #url} reaches the address for as long as the link is well. Thread-safe.
 */
public final class Link implements AutoCloseable {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int NOWHERE = -1;

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

    /** A link to this address, as in {@code jdbc:postgresql://127.0.0.1:5432/roster} or {@code http://127.0.0.1:8000}. */
    public static Link to(String url) {
        try {
            URI target = URI.create(url.replaceFirst("^jdbc:", ""));
            ServerSocket listener = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
            String here = "//127.0.0.1:" + listener.getLocalPort();
            Link link = new Link(listener, target, url.replace("//" + target.getRawAuthority(), here));
            daemon(link::accept);
            return link;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same address by way of this link. */
    public String url() {
        return url;
    }

    /** Closes every connection, and each new one at once: a server that has ended, a firewall that refuses. */
    public synchronized void cut() {
        state = State.CUT;
        notifyAll();
        List.copyOf(tunnels).forEach(Tunnel::close);
    }

    /**
     * Lets nothing pass any more in either direction, while nothing is closed and new connections are accepted: a cable
     * pulled out. What was sent meanwhile arrives after {@link #restore}, as after retransmission.
     */
    public synchronized void halfOpen() {
        state = State.HALF_OPEN;
    }

    /** Is {@link #halfOpen} as soon as a packet begins with this byte, which itself still passes. */
    public synchronized void breakOffAt(char first) {
        breakOffAt = first;
    }

    /** Holds up each packet for so long, in both directions; those sent right behind another for twice as long at most. */
    public synchronized void delay(Duration newDelay) {
        delay = newDelay;
    }

    /** Is well again, without delay. Connections that {@link #cut} has closed stay closed. */
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
            // Nobody is there, or the link was cut meanwhile: the client's connection is closed.
            return;
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "link");
        thread.setDaemon(true);
        thread.start();
    }

    /** What the state of the link means for one connection. */
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
