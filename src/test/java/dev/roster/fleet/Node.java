package dev.roster.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.apikey.Scope;
import dev.roster.integration.stream.Endings;
import dev.roster.support.TestKeys;
import dev.roster.support.database.PrivatePostgres;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.fault.Link;
import dev.roster.support.http.Api;
import dev.roster.support.http.Exposition;
import dev.roster.support.process.Ports;
import dev.roster.support.process.RosterProcess;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Jdbi;

/** One process of the service with its own links to PostgreSQL. Keeps its ports through restarts. */
final class Node implements AutoCloseable {
    /** The exit code of a JVM after SIGTERM. */
    private static final int TERMINATED = 128 + 15;

    private static final Duration PROBE_PATIENCE = Duration.ofSeconds(1);

    /** The gauges that are 0 in an idle service. */
    private static final Pattern BUSY = Pattern.compile(
            ".*ManagedPooledDataSource\\..*\\.(active|waiting)|.*QueuedThreadPool\\.dw\\.(jobs|utilization)");

    private final String name;
    private final Link database;
    private final Link feed;
    private final Link replica;
    private final TestDatabase onDatabase;
    private final Map<String, String> variables;
    private final URI address;
    private final URI adminAddress;
    private RosterProcess process;

    /**
     * Starts the migrations.
     *
     * @param more environment variables
     */
    Node(String name, TestDatabase onDatabase, PrivatePostgres standby, Map<String, String> more) {
        this.name = name;
        this.onDatabase = onDatabase;
        database = Link.to(onDatabase.url());
        feed = Link.to(onDatabase.url());
        replica = Link.to(onDatabase.url(standby));
        int port = Ports.free();
        int adminPort = Ports.free();
        address = URI.create("http://127.0.0.1:" + port);
        adminAddress = URI.create("http://127.0.0.1:" + adminPort);
        variables = new HashMap<>(onDatabase.variables(Map.of(
                "DATABASE_URL", database.url(),
                "FEED_DATABASE_URL", feed.url(),
                "READ_DATABASE_URL", replica.url(),
                "SHUTDOWN_DELAY", "1s",
                "API_HOST", "127.0.0.1",
                "API_PORT", Integer.toString(port),
                "ADMIN_PORT", Integer.toString(adminPort))));
        // The defaults of config.yml.
        List.of("DATABASE_SOCKET_TIMEOUT", "DATABASE_STATEMENT_TIMEOUT", "DATABASE_POOL_WAIT")
                .forEach(timeout -> variables.put(timeout, ""));
        variables.putAll(more);
        process = RosterProcess.start(variables, "db", "migrate", "config.yml");
    }

    String name() {
        return name;
    }

    /** The link to the primary, except for the feed. */
    Link database() {
        return database;
    }

    /** The link to the primary for the feed. */
    Link feed() {
        return feed;
    }

    List<Link> links() {
        return List.of(database, feed, replica);
    }

    Client client() {
        return new Client(name, address);
    }

    /** A client of the admin port. */
    Client admin() {
        return new Client(name, adminAddress);
    }

    /** A connection to the database that bypasses the service and the links. */
    Jdbi jdbi() {
        return onDatabase.jdbi();
    }

    /** Makes an API key with this scope, as a shell does. */
    String newKey(Scope scope) {
        return TestKeys.make(jdbi(), scope);
    }

    /** Ends tokens on this node, which needs {@link Endings#SETTINGS}. */
    Endings endings() {
        return new Endings(api(), adminAddress, onDatabase);
    }

    Api api() {
        return new Api(address).within(Client.PATIENCE);
    }

    URI address() {
        return address;
    }

    /** Waits until the migrations have succeeded. */
    void awaitMigrated() {
        awaitEnd(0);
    }

    private void awaitEnd(int expected) {
        int code = process.exitCode();
        if (code != expected) {
            throw new IllegalStateException(name + " has ended with " + code + ": " + process);
        }
    }

    boolean isRunning() {
        return process.isRunning();
    }

    /** Starts the service, which must not be running. */
    void start() {
        process.close();
        process = RosterProcess.start(variables, "server", "config.yml");
    }

    void awaitReady() {
        process.awaitReady();
    }

    /** Whether the readiness check passes. */
    boolean isReady() {
        try (Client probe = new Client(name, adminAddress, PROBE_PATIENCE)) {
            return probe.send(Request.get("/healthcheck")).status() == 200;
        }
    }

    /** Kills the process with {@code kill -9}. */
    void kill() {
        process.kill();
    }

    /** Sends SIGTERM, as an orchestrator does. */
    void terminate() {
        process.signal("TERM");
    }

    /** Waits until {@link #terminate} has ended the process. */
    void awaitTerminated() {
        awaitEnd(TERMINATED);
    }

    /** Suspends the process, as a long garbage collection or a migration of the virtual machine does. */
    void freeze() {
        process.signal("STOP");
    }

    /** Ends {@link #freeze}. */
    void thaw() {
        process.signal("CONT");
    }

    /** The metrics in Dropwizard's format. */
    JsonNode metrics() {
        return new Api(adminAddress).raw("GET", "/metrics").expect(200).body();
    }

    /** Whether no thread serves a request and no database connection is in use. */
    boolean isIdle() {
        JsonNode gauges = metrics().path("gauges");
        return gauges.properties().stream()
                .filter(gauge -> BUSY.matcher(gauge.getKey()).matches())
                .allMatch(gauge -> gauge.getValue().path("value").asDouble() == 0);
    }

    /** A counter as Prometheus sees it, with its labels: {@code name, value, …}. */
    long count(String name, String... labels) {
        return (long) Exposition.of(new Api(adminAddress)).value(name, labels);
    }

    @Override
    public void close() {
        process.close();
        links().forEach(Link::close);
    }
}
