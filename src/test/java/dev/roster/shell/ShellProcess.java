package dev.roster.shell;

import dev.roster.support.process.RosterProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One run of the jar in its own process, with pipes for stdin and stdout. */
final class ShellProcess implements AutoCloseable {
    private static final long EXIT_SECONDS = 60;

    private final Process process;
    private final Path errors;

    private ShellProcess(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
    }

    /** Starts the jar with these environment variables only, in a UTF-8 locale by default. */
    static ShellProcess start(Map<String, String> environment, List<String> jvm, String... arguments)
            throws IOException {
        Path errors = Files.createTempFile("roster", ".err");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1"); // starts faster
        command.addAll(jvm);
        command.addAll(RosterProcess.program());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().clear();
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().putAll(environment);
        return new ShellProcess(builder.start(), errors);
    }

    /** Writes this text to stdin, then closes it. */
    ShellProcess type(String input) throws IOException {
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        return this;
    }

    /** Reads stdout until the process ends. */
    String output() throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Reads this many bytes of stdout, then closes it. */
    String head(int bytes) throws IOException {
        try (var output = process.getInputStream()) {
            return new String(output.readNBytes(bytes), StandardCharsets.UTF_8);
        }
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("The process is still running");
        }
        return process.exitValue();
    }

    /** The stderr so far. */
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
