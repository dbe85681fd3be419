package dev.roster.shell;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One run of the jar at a shell, its stdin and stdout pipes. */
final class ShellProcess implements AutoCloseable {
    private static final long EXIT_SECONDS = 60;

    private final Process process;
    private final Path errors;

    private ShellProcess(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
    }

    /** Starts it in this environment and no other. */
    static ShellProcess start(Map<String, String> environment, List<String> jvm, String... arguments)
            throws IOException {
        Path errors = Files.createTempFile("roster", ".err");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1"); // it does not live for long
        command.addAll(jvm);
        command.addAll(List.of("-jar", System.getProperty("roster.jar", "target/roster.jar")));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().clear();
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().putAll(environment);
        return new ShellProcess(builder.start(), errors);
    }

    /** Gives it this on stdin, and no more. */
    ShellProcess type(String input) throws IOException {
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        return this;
    }

    /** What it writes to stdout until it ends. */
    String output() throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Reads so many bytes of stdout, and closes it. */
    String head(int bytes) throws IOException {
        try (var output = process.getInputStream()) {
            return new String(output.readNBytes(bytes), StandardCharsets.UTF_8);
        }
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("It runs on");
        }
        return process.exitValue();
    }

    /** What it has written to stderr so far. */
    String errors() {
        try {
            return Files.readString(errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.delete(errors);
    }
}
