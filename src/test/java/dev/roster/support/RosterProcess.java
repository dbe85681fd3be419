package dev.roster.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code roster.jar} as a process of its own, to be killed and to be read: the whole of what it prints. */
public final class RosterProcess implements AutoCloseable {
    private static final long START_SECONDS = 60;

    private final Process process;
    private final Path output;
    private final URI api;
    private final URI admin;

    private RosterProcess(Process process, Path output, int apiPort, int adminPort) {
        this.process = process;
        this.output = output;
        this.api = URI.create("http://127.0.0.1:" + apiPort);
        this.admin = URI.create("http://127.0.0.1:" + adminPort);
    }

    /** Starts it on this database, with these environment variables besides, and waits until it is ready. */
    public static RosterProcess start(TestDatabase database, Map<String, String> more) throws Exception {
        int apiPort = freePort();
        int adminPort = freePort();
        Map<String, String> variables = new HashMap<>(more);
        variables.put("API_PORT", Integer.toString(apiPort));
        variables.put("ADMIN_PORT", Integer.toString(adminPort));
        Path output = Files.createTempFile(Path.of("target"), "roster-process-", ".log");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-jar",
                System.getProperty("roster.jar", "target/roster.jar"),
                "server",
                "config.yml"));
        builder.environment().putAll(database.variables(variables));
        builder.redirectErrorStream(true).redirectOutput(output.toFile());
        RosterProcess roster = new RosterProcess(builder.start(), output, apiPort, adminPort);
        roster.awaitReady();
        return roster;
    }

    public Api api() {
        return new Api(api);
    }

    /** The admin port. */
    public URI admin() {
        return admin;
    }

    /** Everything that it has printed so far. */
    public String output() throws IOException {
        return Files.readString(output);
    }

    /** {@code kill -9}. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** {@code kill}, and waits for its end. */
    public void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("Does not stop");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private void awaitReady() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request =
                HttpRequest.newBuilder(admin.resolve("/healthcheck")).build();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!isReady(client, request)) {
            if (process.waitFor(50, TimeUnit.MILLISECONDS) || System.nanoTime() - deadline > 0) {
                close();
                throw new IllegalStateException("Did not start: " + output());
            }
        }
    }

    private static boolean isReady(HttpClient client, HttpRequest request) throws InterruptedException {
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false; // nobody listens yet
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
