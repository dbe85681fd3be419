package dev.roster.support.database;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.roster.support.Poll;
import dev.roster.support.process.Signals;
import io.dropwizard.logging.common.BootstrapLogging;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server that one test stops, kills or freezes. It keeps its data and its port, and is durable, unlike the
 * shared server.
 */
public final class PrivatePostgres implements AutoCloseable {
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final String STANDBY = "standby.signal";

    private final Path data;
    private EmbeddedPostgres server;

    /** Starts a server. */
    public PrivatePostgres() {
        this(newDirectory());
    }

    private PrivatePostgres(Path data) {
        try {
            BootstrapLogging.bootstrap();
            this.data = data;
            server = start(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts a streaming replica. It follows the primary through restarts of either. Stops the primary while its data
     * is copied.
     */
    public static PrivatePostgres standbyOf(PrivatePostgres primary) {
        Path data = copyOf(primary);
        try {
            Files.createFile(data.resolve(STANDBY));
            Files.writeString(
                    data.resolve("postgresql.auto.conf"),
                    "primary_conninfo = 'host=127.0.0.1 port=" + primary.server.getPort() + " user=postgres'\n"
                            + "wal_retrieve_retry_interval = '200ms'\n"); // reconnects at once
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new PrivatePostgres(data);
    }

    /** Starts a copy that is a primary, too, on the same timeline. Stops the primary while its data is copied. */
    public static PrivatePostgres twinOf(PrivatePostgres primary) {
        return new PrivatePostgres(copyOf(primary));
    }

    private static Path copyOf(PrivatePostgres primary) {
        Path data = newDirectory();
        primary.stop();
        try {
            copy(primary.data, data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            primary.start();
        }
        return data;
    }

    /** Has this standby receive nothing more from its primary. */
    public void stopReceiving() {
        superuser().useHandle(handle -> {
            handle.execute("ALTER SYSTEM SET primary_conninfo = ''");
            handle.execute("SELECT pg_reload_conf()");
        });
        Poll.until("nothing is received", WAIT, () -> ask("SELECT NOT EXISTS (SELECT FROM pg_stat_wal_receiver)"));
    }

    /** Makes this standby a primary, which begins a new timeline. */
    public void promote() {
        superuser().useHandle(handle -> handle.execute("SELECT pg_promote()"));
        Poll.until("promoted", WAIT, () -> ask("SELECT NOT pg_is_in_recovery()"));
    }

    /** Restarts this primary in recovery, as a standby that has nobody to follow. */
    public void demote() {
        stop();
        try {
            Files.createFile(data.resolve(STANDBY));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start();
    }

    PostgresServer address() {
        return new PostgresServer("127.0.0.1", server.getPort(), "postgres", "unused");
    }

    /** Adds a user who needs this password. All others need none. */
    public void addUser(String name, String password) {
        try {
            Path rules = data.resolve("pg_hba.conf");
            Files.writeString(rules, "host all " + name + " 127.0.0.1/32 scram-sha-256\n" + Files.readString(rules));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        superuser().useHandle(handle -> {
            handle.execute("CREATE ROLE " + name + " LOGIN PASSWORD '" + password.replace("'", "''") + "'");
            handle.execute("SELECT pg_reload_conf()");
        });
    }

    /** The address of the database {@code postgres}. */
    public String url() {
        return address().url("postgres");
    }

    /** Restarts the server with its data and its port. */
    public void start() {
        try {
            server = start(server.getPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops the server as {@code pg_ctl stop -m fast} does. */
    public void stop() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills the postmaster with {@code kill -9} and waits until its children have ended. */
    public void kill() {
        List<ProcessHandle> all = processes().toList();
        Signals.send("KILL", postmaster().stream());
        Poll.until("PostgreSQL has ended", WAIT, () -> all.stream().noneMatch(ProcessHandle::isAlive));
        ((Logger) LoggerFactory.getLogger(EmbeddedPostgres.class)).setLevel(Level.OFF); // it would log a stack trace
        stop(); // releases the directory
    }

    /** Suspends every process of the server, as on a machine that hangs. */
    public void freeze() {
        Signals.send("STOP", processes());
    }

    /** Ends {@link #freeze}. */
    public void thaw() {
        Signals.send("CONT", processes());
    }

    /** Keeps this standby from showing what it receives from its primary, until {@link #resumeReplay}. */
    public void pauseReplay() {
        superuser().useHandle(handle -> handle.execute("SELECT pg_wal_replay_pause()"));
        Poll.until("replay is paused", WAIT, () -> ask("SELECT pg_get_wal_replay_pause_state() = 'paused'"));
    }

    /** Ends {@link #pauseReplay}. */
    public void resumeReplay() {
        superuser().useHandle(handle -> handle.execute("SELECT pg_wal_replay_resume()"));
    }

    /** Waits until this standby shows everything that its primary has committed so far. */
    public void awaitReplayOf(PrivatePostgres primary) {
        String position = primary.superuser()
                .withHandle(handle -> handle.createQuery("SELECT pg_current_wal_flush_lsn()::text")
                        .mapTo(String.class)
                        .one());
        Poll.until("replayed", WAIT, () -> ask("SELECT pg_last_wal_replay_lsn() >= '" + position + "'::pg_lsn"));
    }

    /** Stops the server and deletes its data. */
    @Override
    public void close() {
        thaw();
        stop();
        Poll.until("PostgreSQL has ended", WAIT, () -> processes().findAny().isEmpty());
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean ask(String sql) {
        return superuser()
                .withHandle(
                        handle -> handle.createQuery(sql).mapTo(Boolean.class).one());
    }

    private Jdbi superuser() {
        PostgresServer address = address();
        return Jdbi.create(address.url("postgres"), address.user(), address.password());
    }

    private Stream<ProcessHandle> processes() {
        return postmaster().stream()
                .flatMap(postmaster -> Stream.concat(Stream.of(postmaster), postmaster.descendants()));
    }

    private Optional<ProcessHandle> postmaster() {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        try {
            return ProcessHandle.of(
                    Long.parseLong(Files.readAllLines(pidFile).get(0).strip()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path newDirectory() {
        try {
            return Files.createTempDirectory(Path.of("target").toAbsolutePath(), "postgres");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(file -> !file.equals(from)).toList()) {
                Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private EmbeddedPostgres start(int port) throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setLocaleConfig("locale", "C.UTF-8")
                .setPGStartupWait(WAIT)
                .setServerConfig("max_connections", "200")
                .setServerConfig("listen_addresses", "127.0.0.1,::1") // the JVM may prefer either
                .setServerConfig("wal_keep_size", "512MB") // for a standby that was down
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on");
        return (port == 0 ? builder : builder.setPort(port)).start();
    }
}
