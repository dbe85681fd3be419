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
 * A PostgreSQL of a test's own, to stop, kill and freeze, which keeps its data and its port. As durable as a real one,
 * while the one that all other tests share is not.
 */
public final class PrivatePostgres implements AutoCloseable {
    private static final Duration WAIT = Duration.ofSeconds(30);

    private final Path data;
    private EmbeddedPostgres server;

    /** Starts one. */
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
     * Starts a streaming replica of this one, which follows it from now on over whatever happens to either. The primary is
     * stopped for as long as its data takes to copy.
     */
    public static PrivatePostgres standbyOf(PrivatePostgres primary) {
        Path data = newDirectory();
        primary.stop();
        try {
            copy(primary.data, data);
            Files.createFile(data.resolve("standby.signal"));
            Files.writeString(
                    data.resolve("postgresql.auto.conf"),
                    "primary_conninfo = 'host=127.0.0.1 port=" + primary.server.getPort() + " user=postgres'\n"
                            + "wal_retrieve_retry_interval = '200ms'\n"); // a primary that is back is followed at once
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            primary.start();
        }
        return new PrivatePostgres(data);
    }

    PostgresServer address() {
        return new PostgresServer("127.0.0.1", server.getPort(), "postgres", "unused");
    }

    /** Lets somebody in with this password and no other, while everybody else needs none. */
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

    /** The address of its first database. */
    public String url() {
        return address().url("postgres");
    }

    /** Starts it again on its data and its port. */
    public void start() {
        try {
            server = start(server.getPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops it as an administrator does: {@code pg_ctl stop -m fast}. */
    public void stop() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills the postmaster with {@code kill -9}; returns when all its children have noticed. */
    public void kill() {
        List<ProcessHandle> all = processes().toList();
        Signals.send("KILL", postmaster().stream());
        Poll.until("PostgreSQL has ended", WAIT, () -> all.stream().noneMatch(ProcessHandle::isAlive));
        ((Logger) LoggerFactory.getLogger(EmbeddedPostgres.class)).setLevel(Level.OFF); // a stack trace: it is dead
        stop(); // lets go of the directory
    }

    /** Stops every process of it where it is, as a machine that hangs. */
    public void freeze() {
        Signals.send("STOP", processes());
    }

    /** Ends {@link #freeze}. */
    public void thaw() {
        Signals.send("CONT", processes());
    }

    /** Lets a standby receive what its primary writes, and not show it, until {@link #resumeReplay}. */
    public void pauseReplay() {
        superuser().useHandle(handle -> handle.execute("SELECT pg_wal_replay_pause()"));
        Poll.until("replay is paused", WAIT, () -> ask("SELECT pg_get_wal_replay_pause_state() = 'paused'"));
    }

    /** Ends {@link #pauseReplay}. */
    public void resumeReplay() {
        superuser().useHandle(handle -> handle.execute("SELECT pg_wal_replay_resume()"));
    }

    /** Waits until this standby shows all that its primary has committed so far. */
    public void awaitReplayOf(PrivatePostgres primary) {
        String position = primary.superuser()
                .withHandle(handle -> handle.createQuery("SELECT pg_current_wal_flush_lsn()::text")
                        .mapTo(String.class)
                        .one());
        Poll.until("replayed", WAIT, () -> ask("SELECT pg_last_wal_replay_lsn() >= '" + position + "'::pg_lsn"));
    }

    /** Stops it and deletes its data. */
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
                .setServerConfig("wal_keep_size", "512MB") // so that a standby which was away finds what it missed
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on");
        return (port == 0 ? builder : builder.setPort(port)).start();
    }
}
