package dev.roster.support.database;

import dev.roster.support.Poll;
import dev.roster.support.process.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;

/**
 * A PostgreSQL server from the machine's package, and the programs that operators back it up with: embedded PostgreSQL
 * has none of them. It archives its write-ahead log.
 */
public final class BackedUpPostgres implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String SUPERUSER = "postgres";

    /** Owns the databases, as the documents have it. */
    private static final String OWNER = "roster";

    private final Path programs;
    private final Path directory;
    private final Path archive;
    private final int port = Ports.free();
    private Path data;
    private boolean isRunning;

    /** Creates an empty cluster and starts its server. */
    public BackedUpPostgres() {
        try {
            programs = findPrograms();
            directory = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "backup");
            archive = Files.createDirectory(directory.resolve("archive"));
            data = directory.resolve("data");
            run("initdb", "--pgdata=" + data, "--username=" + SUPERUSER, "--encoding=UTF8", "--locale=C.UTF-8");
            configure(
                    "listen_addresses = '127.0.0.1'",
                    "port = " + port,
                    "unix_socket_directories = ''",
                    "archive_mode = on",
                    "archive_command = 'test ! -f " + archive + "/%f && cp %p " + archive + "/%f'");
            start();
            Runtime.getRuntime().addShutdownHook(new Thread(this::stop));
            superuser().useHandle(handle -> handle.execute("CREATE ROLE " + OWNER + " LOGIN"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The newest one of the machine, or the directory that {@code -Drestore.postgres=…} names. */
    private static Path findPrograms() throws IOException {
        String given = System.getProperty("restore.postgres", "");
        if (!given.isEmpty()) {
            return Path.of(given);
        }
        Path versions = Path.of("/usr/lib/postgresql"); // of Debian and Ubuntu
        if (Files.isDirectory(versions)) {
            try (Stream<Path> found = Files.list(versions)) {
                return found.map(version -> version.resolve("bin"))
                        .filter(bin -> Files.exists(bin.resolve("initdb")))
                        .max(Comparator.comparingInt(bin -> Integer.parseInt(
                                bin.getName(bin.getNameCount() - 2).toString())))
                        .orElseThrow(BackedUpPostgres::none);
            }
        }
        throw none();
    }

    private static IllegalStateException none() {
        return new IllegalStateException(
                "There is no PostgreSQL with pg_dump: install the package postgresql, or name its programs'"
                        + " directory with -Drestore.postgres=…");
    }

    /** Creates an empty database. */
    public TestDatabase createDatabase(String name) {
        run(
                "createdb",
                "--maintenance-db=" + superuserString("postgres"),
                "--owner=" + OWNER,
                "--encoding=UTF8",
                "--template=template0",
                name);
        return TestDatabase.named(address(OWNER), name);
    }

    /** The connection string of the database's owner, which the programs take. */
    public String connectionString(String database) {
        return connectionString(OWNER, database);
    }

    /** The connection string of the superuser. */
    public String superuserString(String database) {
        return connectionString(SUPERUSER, database);
    }

    private String connectionString(String user, String database) {
        return "postgresql://" + user + "@127.0.0.1:" + port + "/" + database;
    }

    /** A file or directory beside the server's data. */
    public Path file(String name) {
        return directory.resolve(name);
    }

    /** Runs one of PostgreSQL's programs, which has to succeed. */
    public void run(String program, String... arguments) {
        List<String> command = new ArrayList<>(notAsRoot());
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        Path output = file(program + ".out");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean hasEnded = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (!hasEnded) {
                process.destroyForcibly();
            }
            if (!hasEnded || process.exitValue() != 0) {
                throw new AssertionError(command + " failed:\n" + Files.readString(output));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** PostgreSQL refuses to run as root, also in a container that has no other user. */
    private static List<String> notAsRoot() {
        return "root".equals(System.getProperty("user.name")) ? List.of("unshare", "--user") : List.of();
    }

    /** Waits until everything that was committed before this call is in the archive. */
    public void awaitArchived() {
        String segment = superuser().withHandle(handle -> handle.createQuery("SELECT pg_walfile_name(pg_switch_wal())")
                .mapTo(String.class)
                .one());
        Poll.until(segment + " is archived", PATIENCE, () -> Files.exists(archive.resolve(segment)));
    }

    /**
     * Restarts the server from a base backup, as of a moment: PostgreSQL replays the archive until then.
     *
     * @param backup the directory that pg_basebackup wrote
     * @param moment a timestamp in SQL
     */
    public void recover(Path backup, String moment) {
        stop();
        data = backup;
        try {
            Files.createFile(data.resolve("recovery.signal"));
            configure(
                    "restore_command = 'cp " + archive + "/%f %p'",
                    "recovery_target_time = '" + moment + "'",
                    "recovery_target_action = 'promote'");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start();
        Poll.until("recovered", PATIENCE, () -> superuser()
                .withHandle(handle -> handle.createQuery("SELECT NOT pg_is_in_recovery()")
                        .mapTo(Boolean.class)
                        .one()));
    }

    private void configure(String... settings) throws IOException {
        Path file = data.resolve("postgresql.auto.conf");
        Files.writeString(file, Files.readString(file) + String.join("\n", settings) + "\n");
    }

    private synchronized void start() {
        run("pg_ctl", "start", "--wait", "--pgdata=" + data, "--log=" + file("log"));
        isRunning = true;
    }

    private synchronized void stop() {
        if (isRunning) {
            isRunning = false;
            run("pg_ctl", "stop", "--wait", "--pgdata=" + data, "--mode=fast");
        }
    }

    private PostgresServer address(String user) {
        return new PostgresServer("127.0.0.1", port, user, "unused");
    }

    private Jdbi superuser() {
        return Jdbi.create(address(SUPERUSER).url("postgres"), SUPERUSER, "unused");
    }

    /** Stops the server and deletes everything. */
    @Override
    public void close() {
        stop();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
