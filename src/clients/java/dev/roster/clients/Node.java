package dev.roster.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** What runs on Node.js. */
final class Node {
    /** Where it runs: what is in {@code src/clients/node}, its packages, and what the build makes of both. */
    static final Path DIRECTORY = Path.of(System.getProperty("clients.directory"));

    private Node() {}

    /** Runs tests of {@code node:test} on the service at this address, and fails with what they print where one fails. */
    static void test(String file, URI service) throws IOException, InterruptedException {
        run(service, "node", "--test", "--test-reporter=spec", file);
    }

    /**
     * Runs a command, for two minutes at most.
     *
     * @return what it has printed; what it says of errors goes to the build's own
     */
    static String run(URI service, String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(DIRECTORY, "node", ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(DIRECTORY.toFile())
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("ROSTER_URL", service.toString());
        Process process = builder.start();
        try {
            boolean ended = process.waitFor(2, TimeUnit.MINUTES);
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
