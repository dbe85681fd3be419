package dev.roster.support.process;

import dev.roster.support.Poll;
import dev.roster.support.http.Api;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The service as users run it: {@code java -jar roster.jar}, a process with an environment of its own. */
public final class RosterProcess implements AutoCloseable {
    private static final Duration START_WAIT = Duration.ofSeconds(60);
    private static final Duration EXIT_WAIT = Duration.ofSeconds(60);
    private static final int MESSAGE_LENGTH = 10_000;

    /** Whatever becomes of the run: none of them outlives it. */
    private static final Queue<Process> STARTED = new ConcurrentLinkedQueue<>();

    private final Process process;
    private final Path output;
    private final Path errors;
    private final String apiPort;
    private final String adminPort;

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> STARTED.forEach(Process::destroyForcibly)));
    }

    private RosterProcess(Process process, Path output, Path errors, String apiPort, String adminPort) {
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
        return serve(environment, List.of("-jar", jar()));
    }

    /** The same with arguments of one's own before those of the service. */
    public static RosterProcess serve(Map<String, String> environment, List<String> program) {
        RosterProcess roster = start(environment, program, Path.of("").toAbsolutePath(), "server", "config.yml");
        roster.awaitReady();
        return roster;
    }

    /** Runs any program of this JDK. */
    public static RosterProcess start(
            Map<String, String> environment, List<String> program, Path directory, String... arguments) {
        try {
            Path output = Files.createTempFile("roster", ".out");
            Path errors = Files.createTempFile("roster", ".err");
            List<String> command = new ArrayList<>(Signals.interruptible());
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.add("-XX:TieredStopAtLevel=1"); // it does not live for long
            command.addAll(program);
            command.addAll(List.of(arguments));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile());
            Map<String, String> variables = builder.environment();
            variables.clear();
            variables.put("LC_ALL", "C.UTF-8");
            variables.putAll(environment);
            String apiPort = port(variables, "API_PORT");
            String adminPort = port(variables, "ADMIN_PORT");
            Process process = builder.start();
            STARTED.add(process);
            return new RosterProcess(process, output, errors, apiPort, adminPort);
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

    public long pid() {
        return process.pid();
    }

    public boolean isRunning() {
        return process.isAlive();
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

    /** For the message of a failure: the last of what it has said. */
    @Override
    public String toString() {
        return process.info().commandLine().orElse("java") + "\n" + end(output()) + "\n" + end(errors());
    }

    private static String end(String text) {
        return text.substring(Math.max(0, text.length() - MESSAGE_LENGTH));
    }

    private static String jar() {
        String jar = System.getProperty("roster.jar", "target/roster.jar");
        if (!new File(jar).exists()) {
            throw new IllegalStateException("There is no " + jar + ": mvn package makes it");
        }
        return jar;
    }

    /** Where the variable is 0, any that is free takes its place. */
    private static String port(Map<String, String> variables, String name) {
        variables.replace(name, "0", Integer.toString(Ports.free()));
        return variables.getOrDefault(name, "");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
