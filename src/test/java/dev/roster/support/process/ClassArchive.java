package dev.roster.support.process;

import dev.roster.support.database.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/**
 * The classes of the jar as the JVM keeps them in memory (class data sharing). A start with this file takes two thirds
 * of the CPU time. The first process of a test run writes it. Thread-safe, also across processes.
 */
final class ClassArchive {
    private static final String SUFFIX = ".jsa";

    private ClassArchive() {}

    /** The arguments of {@code java} that run this jar. */
    static synchronized List<String> jar(String jar) {
        Path archive = Path.of(jar + SUFFIX).toAbsolutePath();
        try {
            if (isOlder(archive, Path.of(jar))) {
                write(archive, jar);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.of("-XX:SharedArchiveFile=" + archive, "-jar", jar);
    }

    @SuppressWarnings("try") // the lock is held, not used
    private static void write(Path archive, String jar) throws IOException {
        Path lockFile = Path.of(archive + ".lock");
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (!isOlder(archive, Path.of(jar))) {
                return; // the other test JVM has written it
            }
            Path fresh = Path.of(archive + ".new");
            Files.deleteIfExists(fresh);
            List<String> program = List.of("-XX:ArchiveClassesAtExit=" + fresh, "-jar", jar);
            try (RosterProcess service =
                    RosterProcess.serve(TestDatabase.migrated().variables(Map.of()), program)) {
                service.signal("TERM"); // the JVM writes the file when the service has stopped
                int unused = service.exitCode();
            }
            Files.move(fresh, archive, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static boolean isOlder(Path archive, Path jar) throws IOException {
        return !Files.exists(archive)
                || Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar)) < 0;
    }
}
