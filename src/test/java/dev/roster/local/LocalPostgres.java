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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A PostgreSQL that keeps its data, and as safely as a real one: what it has acknowledged survives any kill. */
final class LocalPostgres implements AutoCloseable {
    static final String USER = "postgres";
    private static final String DATABASE = "roster";
    private static final Duration STOP_WAIT = Duration.ofSeconds(20);

    private final EmbeddedPostgres server;

    private LocalPostgres(EmbeddedPostgres server) {
        this.server = server;
    }

    static LocalPostgres start(Path directory) throws IOException, SQLException {
        Path data = directory.resolve("postgres");
        stopOrphan(data);
        System.setProperty(
                "ot.epg.working-dir", directory.resolve("postgres-binaries").toString());
        EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false) // the service stops first
                .setPGStartupWait(Duration.ofMinutes(1)) // after a kill it recovers
                .setServerConfig("synchronous_commit", "on") // the library trades both for speed
                .setServerConfig("fsync", "on")
                .setServerConfig("listen_addresses", "127.0.0.1")
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
     * A server whose service was killed runs on over this data; a second one would refuse to start beside it. Stopped by
     * SIGINT, which is a fast stop: by SIGTERM it would wait for somebody's psql.
     */
    private static void stopOrphan(Path data) throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        long pid = Long.parseLong(Files.readAllLines(pidFile).get(0).strip());
        Optional<ProcessHandle> orphan = ProcessHandle.of(pid)
                .filter(process -> process.info().commandLine().orElse("").contains("postgres -D " + data));
        if (orphan.isPresent()) {
            CompletableFuture<ProcessHandle> exit = orphan.get().onExit();
            try {
                new ProcessBuilder("sh", "-c", "kill -INT " + pid).start().waitFor();
                exit.get(STOP_WAIT.toSeconds(), TimeUnit.SECONDS);
            } catch (TimeoutException | ExecutionException e) {
                throw new IOException("the PostgreSQL of an earlier run does not stop: process " + pid, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }
}
