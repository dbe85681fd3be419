package dev.roster.support.process;

import dev.roster.support.Poll;
import dev.roster.support.http.Api;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
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

/** The service as users run it: {@code java -jar roster.jar}. */
public final class RosterProcess implements AutoCloseable {
    private static final Duration START_WAIT = Duration.ofMinutes(2);
    private static final Duration EXIT_WAIT = Duration.ofMinutes(2);
    private static final int MESSAGE_LENGTH = 10_000;

    /** Killed when this JVM ends, so that none outlives the test run. */
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

    /** Starts a command of the jar with exactly these environment variables. */
    public static RosterProcess start(Map<String, String> environment, String... arguments) {
        return start(environment, program(), Path.of("").toAbsolutePath(), arguments);
    }

    /** Starts the service from the jar and waits until it is ready. */
    public static RosterProcess serve(Map<String, String> environment) {
        return serve(environment, program());
    }

    /**
     * Starts the service and waits until it is ready.
     *
     * @param program the arguments of {@code java} before those of the service
     */
    public static RosterProcess serve(Map<String, String> environment, List<String> program) {
        RosterProcess roster = start(environment, program, Path.of("").toAbsolutePath(), "server", "config.yml");
        roster.awaitReady();
        return roster;
    }

    /**
     * Starts a Java program.
     *
     * @param program the arguments of {@code java}
     */
    public static RosterProcess start(
            Map<String, String> environment, List<String> program, Path directory, String... arguments) {
        try {
            Path output = Files.createTempFile("roster", ".out");
            Path errors = Files.createTempFile("roster", ".err");
            List<String> command = new ArrayList<>(Signals.interruptible());
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.add("-XX:TieredStopAtLevel=1"); // C1 alone starts fastest
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

    /** Waits until the readiness check passes. */
    public void awaitReady() {
        HttpClient client = HttpClient.newHttpClient();
        Poll.until("ready: " + this, START_WAIT, () -> {
            if (!process.isAlive()) {
                throw new AssertionError("The process has ended: " + this);
            }
            return isListening() && isReady(client);
        });
    }

    /** Costs much less than a refused request, many times until a service has started. */
    private boolean isListening() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(adminPort))) {
            return socket.isConnected();
        } catch (IOException e) {
            return false; // not yet
        }
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

    /** Waits until the process ends. */
    public int exitCode() {
        try {
            if (!process.waitFor(EXIT_WAIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("The process does not end: " + this);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Its stdout so far. */
    public String output() {
        return read(output);
    }

    /** Its stderr so far. */
    public String errors() {
        return read(errors);
    }

    /** @param name without SIG, as in kill(1) */
    public void signal(String name) {
        Signals.send(name, Stream.of(process.toHandle()));
    }

    /** Kills the process with {@code kill -9}. */
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

    /** The command and the end of its output, for error messages. */
    @Override
    public String toString() {
        return process.info().commandLine().orElse("java") + "\n" + end(output()) + "\n" + end(errors());
    }

    private static String end(String text) {
        return text.substring(Math.max(0, text.length() - MESSAGE_LENGTH));
    }

    /** The arguments of {@code java} that run the jar. */
    public static List<String> program() {
        String jar = System.getProperty("roster.jar", "target/roster.jar");
        if (!new File(jar).exists()) {
            throw new IllegalStateException("There is no " + jar + ": build it with mvn package");
        }
        return ClassArchive.jar(jar);
    }

    /** Replaces 0 by a free port. */
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
