package dev.roster.support;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The service as users run it: {@code java -jar roster.jar}, a process with an environment of its own. */
public final class RosterProcess implements AutoCloseable {
    private static final Duration START_WAIT = Duration.ofSeconds(60);
    private static final Duration EXIT_WAIT = Duration.ofSeconds(60);

    private final Process process;
    private final Path output;
    private final Path errors;
    private final int apiPort;
    private final int adminPort;

    private RosterProcess(Process process, Path output, Path errors, int apiPort, int adminPort) {
        this.process = process;
        this.output = output;
        this.errors = errors;
        this.apiPort = apiPort;
        this.adminPort = adminPort;
    }

    /** Runs a command in this environment and no other. */
    public static RosterProcess start(Map<String, String> environment, String... arguments) {
        return start(environment, List.of("-jar", jar()), Path.of("").toAbsolutePath(), arguments);
    }

    /** Runs the service and waits until it is ready. */
    public static RosterProcess serve(Map<String, String> environment) {
        RosterProcess roster = start(environment, "server", "config.yml");
        roster.awaitReady();
        return roster;
    }

    /** Runs any program of this JDK. */
    public static RosterProcess start(
            Map<String, String> environment, List<String> program, Path directory, String... arguments) {
        try {
            Path output = Files.createTempFile("roster", ".out");
            Path errors = Files.createTempFile("roster", ".err");
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.add("-XX:TieredStopAtLevel=1"); // it does not live for long
            command.addAll(program);
            command.addAll(List.of(arguments));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile());
            int apiPort = freePort();
            int adminPort = freePort();
            builder.environment().clear();
            builder.environment().put("LC_ALL", "C.UTF-8");
            builder.environment().putAll(environment);
            builder.environment().replace("API_PORT", "0", Integer.toString(apiPort));
            builder.environment().replace("ADMIN_PORT", "0", Integer.toString(adminPort));
            return new RosterProcess(builder.start(), output, errors, apiPort, adminPort);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the service says that it is ready. */
    public void awaitReady() {
        HttpClient client = HttpClient.newHttpClient();
        Poll.until("ready: " + this, START_WAIT, () -> {
            if (!process.isAlive()) {
                throw new AssertionError("It has ended: " + this);
            }
            return isReady(client);
        });
    }

    private boolean isReady(HttpClient client) {
        HttpRequest request = HttpRequest.newBuilder(admin().base().resolve("/healthcheck"))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false; // not yet
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public Api api() {
        return new Api(URI.create("http://127.0.0.1:" + apiPort));
    }

    /** The admin port. */
    public Api admin() {
        return new Api(URI.create("http://127.0.0.1:" + adminPort));
    }

    /** Waits for the process to end by itself. */
    public int exitCode() {
        try {
            if (!process.waitFor(EXIT_WAIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("It runs on: " + this);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What it has written to stdout so far. */
    public String output() {
        return read(output);
    }

    /** What it has written to stderr so far. */
    public String errors() {
        return read(errors);
    }

    /** @param name without its SIG, as for kill(1) */
    public void signal(String name) {
        Signals.send(name, Stream.of(process.toHandle()));
    }

    /** As {@code kill -9} does. */
    public void kill() {
        signal("KILL");
        exitCode();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        exitCode();
        output.toFile().delete();
        errors.toFile().delete();
    }

    /** For the message of a failure. */
    @Override
    public String toString() {
        return process.info().commandLine().orElse("java") + "\n" + output() + "\n" + errors();
    }

    private static String jar() {
        String jar = System.getProperty("roster.jar", "target/roster.jar");
        if (!new File(jar).exists()) {
            throw new IllegalStateException("There is no " + jar + ": mvn package makes it");
        }
        return jar;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
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
