package dev.roster.fleet;

import static java.util.Comparator.comparingInt;

import dev.roster.support.fault.Tunnel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A TCP load balancer: each connection goes to the ready node with the fewest connections. */
final class Balancer implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(200);
    private static final int CONNECT_MILLIS = 1_000;

    private final ServerSocket listener;
    private final List<Backend> backends;
    private final Loops probes = new Loops();

    Balancer(List<Node> nodes) {
        try {
            listener = new ServerSocket(0, 512, InetAddress.getByName("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        backends = nodes.stream().map(Backend::new).toList();
        backends.forEach(Backend::probe);
        backends.forEach(backend -> probes.repeat(INTERVAL, backend::probe));
        daemon(this::accept);
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /** Whether new connections can go to this node. */
    boolean takes(Node node) {
        return backends.stream().anyMatch(backend -> backend.node == node && backend.ready);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                daemon(() -> serve(client));
            }
        } catch (IOException closed) {
            return;
        }
    }

    /** Closes the connection if no node takes it. */
    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            for (Backend backend : byConnections()) {
                if (backend.serve(client)) {
                    return;
                }
            }
        } catch (IOException e) {
            // The client has closed the connection.
            return;
        }
    }

    private List<Backend> byConnections() {
        return backends.stream()
                .filter(backend -> backend.ready)
                .sorted(comparingInt(backend -> backend.open.size()))
                .toList();
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "balancer");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        probes.close();
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        backends.forEach(backend -> List.copyOf(backend.open).forEach(Tunnel::close));
    }

    private static final class Backend implements Tunnel.Gate {
        private final Node node;
        private final Set<Tunnel> open = ConcurrentHashMap.newKeySet();
        private volatile boolean ready;

        Backend(Node node) {
            this.node = node;
        }

        void probe() {
            ready = node.isReady();
        }

        /** @return false if the node did not accept the connection */
        boolean serve(Socket client) throws IOException {
            Socket server = new Socket();
            try {
                server.connect(
                        new InetSocketAddress(
                                node.address().getHost(), node.address().getPort()),
                        CONNECT_MILLIS);
                server.setTcpNoDelay(true);
            } catch (IOException e) {
                server.close();
                return false;
            }
            try (Tunnel tunnel = new Tunnel(client, server, this)) {
                open.add(tunnel);
                tunnel.carry();
            }
            return true;
        }

        @Override
        public void await() {
            // All bytes pass.
        }

        @Override
        public void forget(Tunnel tunnel) {
            open.remove(tunnel);
        }
    }
}
