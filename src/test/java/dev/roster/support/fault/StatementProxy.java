package dev.roster.support.fault;

import dev.roster.support.database.TestDatabase;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * A proxy in front of PostgreSQL that records every statement on the wire, including those that libraries add. It reads
 * the messages that "Message Formats" in PostgreSQL's documentation describes.
 */
public final class StatementProxy {
    private static final int PROTOCOL_3 = 3;
    private static final int MAX_MESSAGE = 1 << 20;

    /** Parts of statements that a node sends by itself: its checks of the database, and the job of keys' uses. */
    private static final List<String> BY_ITSELF = List.of(
            "databasechangelog",
            "SELECT pg_is_in_recovery()",
            "FROM pg_control_system()",
            "INSERT INTO epochs",
            "SET last_used_at = used.at");

    private final ServerSocket listener;
    private final URI server;
    private final List<List<String>> roundTrips = new ArrayList<>();

    private StatementProxy(ServerSocket listener, URI server) {
        this.listener = listener;
        this.server = server;
    }

    /** Starts a proxy in front of this database. It runs until the JVM ends. */
    public static StatementProxy before(TestDatabase database) {
        try {
            URI server = URI.create(database.url().substring("jdbc:".length()));
            StatementProxy proxy =
                    new StatementProxy(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")), server);
            daemon(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The database's address through this proxy. */
    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + listener.getLocalPort() + server.getPath();
    }

    /**
     * Runs an action and returns the statements of each round trip meanwhile. Leaves out the pool's empty round trips,
     * and those that the service makes by itself.
     */
    public List<List<String>> during(Runnable action) {
        synchronized (roundTrips) {
            roundTrips.clear();
        }
        action.run();
        synchronized (roundTrips) {
            return List.copyOf(roundTrips);
        }
    }

    private Void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            Socket upstream = new Socket(server.getHost(), server.getPort());
            daemon(() -> upstream.getInputStream().transferTo(client.getOutputStream()));
            daemon(() -> {
                try (client;
                        upstream) {
                    return forward(client, upstream);
                }
            });
        }
    }

    private Void forward(Socket client, Socket upstream) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(client.getInputStream()));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(upstream.getOutputStream()));
        int version;
        do { // a request for TLS comes first and differs in the version only
            byte[] startup = read(in, in.readInt());
            version = ByteBuffer.wrap(startup).getShort();
            write(out, startup);
            out.flush();
        } while (version != PROTOCOL_3);

        Exchange exchange = new Exchange();
        while (true) {
            byte type = in.readByte();
            byte[] body = read(in, in.readInt());
            boolean asksForAnswer = exchange.add((char) type, ByteBuffer.wrap(body));
            if (asksForAnswer && in.available() == 0) { // otherwise the sender does not wait, as after BEGIN
                record(exchange.end());
            }
            out.writeByte(type);
            write(out, body);
            if (in.available() == 0) {
                out.flush();
            }
        }
    }

    private void record(List<String> statements) {
        if (!statements.isEmpty() && statements.stream().noneMatch(StatementProxy::isByItself)) {
            synchronized (roundTrips) {
                roundTrips.add(statements);
            }
        }
    }

    private static boolean isByItself(String sql) {
        return BY_ITSELF.stream().anyMatch(sql::contains);
    }

    private static byte[] read(DataInputStream in, int length) throws IOException {
        if (length < 4 || length > MAX_MESSAGE) {
            throw new IOException("Not PostgreSQL's protocol");
        }
        return in.readNBytes(length - 4);
    }

    private static void write(DataOutputStream out, byte[] body) throws IOException {
        out.writeInt(body.length + 4);
        out.write(body);
    }

    private static void daemon(Callable<?> task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.call();
                    } catch (Exception e) {
                        // One side has closed its connection: close the other.
                        return;
                    }
                },
                "statement-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    /** The messages that one connection sends before it waits for an answer. */
    private static final class Exchange {
        private final Map<String, String> sqlByStatement = new HashMap<>();
        private final Map<String, String> sqlByPortal = new HashMap<>();
        private final List<String> executed = new ArrayList<>();

        /** @return whether the server answers now */
        boolean add(char type, ByteBuffer body) {
            switch (type) {
                case 'P' -> sqlByStatement.put(text(body), text(body));
                case 'B' -> sqlByPortal.put(text(body), sqlByStatement.getOrDefault(text(body), "?"));
                case 'E' -> execute(sqlByPortal.getOrDefault(text(body), "?"));
                case 'Q' -> execute(text(body));
                default -> {}
            }
            return type == 'S' || type == 'Q';
        }

        List<String> end() {
            List<String> statements = List.copyOf(executed);
            executed.clear();
            return statements;
        }

        private void execute(String sql) {
            if (!sql.isBlank()) {
                executed.add(sql.strip());
            }
        }

        private static String text(ByteBuffer body) {
            int start = body.position();
            while (body.get() != 0) {
                // up to the zero that ends it
            }
            return StandardCharsets.UTF_8
                    .decode(body.slice(start, body.position() - 1 - start))
                    .toString();
        }
    }
}
