package dev.roster.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Runs Node.js programs. */
final class Node {
    /** The working directory: a copy of {@code clients/node} with the installed packages and the generated client. */
    static final Path DIRECTORY = Path.of(System.getProperty("node.directory"));

    /** A copy of {@code clients/verifier-js} with the installed packages. */
    static final Path VERIFIER_DIRECTORY = DIRECTORY.resolveSibling("verifier-js");

    private Node() {}

    /** Runs a file of {@code node:test} tests. If one fails, this fails with their output. */
    static void test(String file) throws IOException, InterruptedException {
        run("node", "--test", "--test-reporter=spec", file);
    }

    /**
     * Runs a command. Fails if it does not end within five minutes, or ends with an error.
     *
     * @return its standard output; its standard error appears in the log of the build
     */
    static String run(String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(DIRECTORY, "node", ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(DIRECTORY.toFile())
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("ROSTER_URL", Service.ADDRESS.toString());
        builder.environment().put("ROSTER_ADMIN_URL", Service.ADMIN_ADDRESS.toString());
        Process process = builder.start();
        try {
            boolean ended = process.waitFor(5, TimeUnit.MINUTES);
            assertThat(ended).as(() -> read(output)).isTrue();
            assertThat(process.exitValue()).as(() -> read(output)).isZero();
            return read(output);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Files.delete(output);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
