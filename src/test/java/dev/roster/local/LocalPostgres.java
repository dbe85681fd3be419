package dev.roster.local;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The PostgreSQL server of the local run. It is durable: what it has acknowledged survives a kill. */
final class LocalPostgres implements AutoCloseable {
    static final String USER = "postgres";
    private static final String DATABASE = "roster";
    private static final Duration STOP_WAIT = Duration.ofSeconds(20);

    /** The index of a line in postmaster.pid. */
    private static final int SHARED_MEMORY_LINE = 6;

    private final EmbeddedPostgres server;

    private LocalPostgres(EmbeddedPostgres server) {
        this.server = server;
    }

    private static Path data(Path directory) {
        return directory.resolve("postgres");
    }

    /** @param port on which no other server listens */
    static LocalPostgres start(Path directory, int port) throws IOException, SQLException {
        System.setProperty(
                "ot.epg.working-dir", directory.resolve("postgres-binaries").toString());
        EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setDataDirectory(data(directory))
                .setPort(port)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false) // the service stops first
                .setPGStartupWait(Duration.ofMinutes(1)) // time to recover after a kill
                .setServerConfig("synchronous_commit", "on") // the library turns both off
                .setServerConfig("fsync", "on")
                .setServerConfig("listen_addresses", "127.0.0.1,::1") // the JVM may prefer either
                .setServerConfig("log_destination", "stderr")
                .setServerConfig("logging_collector", "on")
                .setServerConfig("log_directory", "log")
                .setLocaleConfig("locale", "C.UTF-8")
                .start();
        createDatabase(server);
        return new LocalPostgres(server);
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + DATABASE;
    }

    String psqlUrl() {
        return "postgresql://" + USER + "@127.0.0.1:" + server.getPort() + "/" + DATABASE;
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void createDatabase(EmbeddedPostgres server) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            try (ResultSet found =
                    statement.executeQuery("SELECT FROM pg_database WHERE datname = '" + DATABASE + "'")) {
                if (found.next()) {
                    return;
                }
            }
            statement.execute("CREATE DATABASE " + DATABASE);
        }
    }

    /**
     * Stops the server of an earlier run whose service was killed: it uses the port, and a second server would refuse
     * to start on its data. Sends SIGINT, a fast shutdown; after SIGTERM it would wait for open connections.
     */
    static void stopOrphan(Path directory) throws IOException {
        Path data = data(directory);
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        List<String> lines = Files.readAllLines(pidFile);
        long pid = Long.parseLong(lines.get(0).strip());
        Optional<ProcessHandle> orphan = ProcessHandle.of(pid)
                .filter(process -> process.info().commandLine().orElse("").contains("postgres -D " + data));
        try {
            if (orphan.isPresent()) {
                CompletableFuture<ProcessHandle> exit = orphan.get().onExit();
                new ProcessBuilder("sh", "-c", "kill -INT " + pid).start().waitFor();
                exit.get(STOP_WAIT.toSeconds(), TimeUnit.SECONDS);
            } else if (lines.size() > SHARED_MEMORY_LINE) {
                awaitDetached(lines.get(SHARED_MEMORY_LINE).strip().split("\\s+"));
                // PostgreSQL would take any process that now has this id for its server.
                Files.delete(pidFile);
            }
        } catch (TimeoutException | ExecutionException e) {
            throw new IOException("the PostgreSQL of an earlier run does not stop: process " + pid, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /**
     * Waits until the children of a killed server have ended: no server starts before. Works on Linux, which shows how
     * many processes use the server's shared memory.
     *
     * @param keyAndId identify the System V shared memory segment
     */
    private static void awaitDetached(String[] keyAndId) throws IOException, InterruptedException {
        Path segments = Path.of("/proc/sysvipc/shm");
        long deadline = System.nanoTime() + STOP_WAIT.toNanos();
        while (Files.exists(segments)
                && System.nanoTime() - deadline < 0
                && Files.readAllLines(segments).stream()
                        .map(line -> line.strip().split("\\s+"))
                        .anyMatch(columns -> columns[0].equals(keyAndId[0])
                                && columns[1].equals(keyAndId[1])
                                && !columns[6].equals("0"))) {
            Thread.sleep(50);
        }
    }
}
