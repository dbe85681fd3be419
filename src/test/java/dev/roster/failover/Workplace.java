package dev.roster.failover;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A temporary folder for servers of the machine's packages, and the user who runs them: PostgreSQL refuses root.
 */
final class Workplace implements AutoCloseable {
    /** The user of Debian's packages. */
    private static final String USER = "postgres";

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Path folder;
    private final Queue<Daemon> daemons = new ConcurrentLinkedQueue<>();

    Workplace() {
        try {
            folder = Files.createTempDirectory("failover");
            if (isRoot()) {
                Files.setOwner(
                        folder,
                        folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** A file of the folder, which need not exist. */
    Path file(String name) {
        return folder.resolve(name);
    }

    /** Writes a file that every server may read. */
    Path write(String name, String text) {
        try {
            return Files.writeString(file(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A server that is not started yet. Its output goes to a file of this name. */
    Daemon daemon(String name, List<String> command) {
        Daemon daemon = new Daemon(asUser(command), folder, name + ".log");
        daemons.add(daemon);
        return daemon;
    }

    /** The command as that user. {@code setpriv} becomes the program, so that its process id stays. */
    private static List<String> asUser(List<String> command) {
        List<String> all = new ArrayList<>();
        if (isRoot()) {
            all.addAll(List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--init-groups", "--"));
        }
        all.addAll(command);
        return all;
    }

    /** Runs a command as that user. It has to succeed. */
    void run(List<String> command) {
        Path output = file(command.get(0) + ".out");
        try {
            Process process = new ProcessBuilder(asUser(command))
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean hasEnded = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            process.destroyForcibly();
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

    /** Ends the servers and deletes everything, if that has not been done. */
    @Override
    public void close() {
        daemons.forEach(Daemon::kill);
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
