package dev.roster.fleet;

import dev.roster.support.database.TestDatabase;
import dev.roster.support.process.RosterProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The service as an earlier commit has it, built from the project's history.
 *
 * @param directory its files
 */
record EarlierVersion(Path directory) {
    private static final Duration BUILD = Duration.ofMinutes(15);

    /** Builds the commit that {@code -Dupgrade.from} names, unless an earlier run has done so. */
    static EarlierVersion build() throws IOException {
        String commit = System.getProperty("upgrade.from", "");
        Path directory = Path.of("target", "upgrade", commit).toAbsolutePath();
        EarlierVersion version = new EarlierVersion(directory);
        if (!Files.exists(version.jar())) {
            Files.createDirectories(directory);
            Path archive = directory.resolveSibling(commit + ".tar");
            run(Path.of(""), "git", "archive", "--output=" + archive, commit);
            run(directory, "tar", "-xf", archive.toString());
            run(
                    directory,
                    System.getProperty("upgrade.maven", "mvn"),
                    "-B",
                    "-q",
                    "-Dmaven.test.skip=true",
                    "-Djacoco.skip=true",
                    "package");
        }
        return version;
    }

    private Path jar() {
        return directory.resolve("target/roster.jar");
    }

    /** Starts a command of the earlier jar, with the earlier {@code config.yml}. */
    RosterProcess start(Map<String, String> variables, String... arguments) {
        return RosterProcess.start(variables, List.of("-jar", jar().toString()), directory, arguments);
    }

    /** Creates its schema. */
    void migrate(TestDatabase database) {
        try (RosterProcess migration = start(database.variables(Map.of()), "db", "migrate", "config.yml")) {
            if (migration.exitCode() != 0) {
                throw new AssertionError("The earlier version does not migrate: " + migration);
            }
        }
    }

    private static void run(Path where, String... command) throws IOException {
        Path output = Files.createTempFile("upgrade", ".out");
        Process process = new ProcessBuilder(command)
                .directory(where.toAbsolutePath().toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            boolean hasEnded = process.waitFor(BUILD.toSeconds(), TimeUnit.SECONDS);
            process.destroyForcibly();
            if (!hasEnded || process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", command) + " failed:\n" + Files.readString(output));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(e));
        } finally {
            Files.delete(output);
        }
    }
}
