package dev.roster.failover;

import static java.util.stream.Collectors.joining;

import dev.roster.fleet.Client;
import dev.roster.support.fault.Link;
import dev.roster.support.http.Api;
import dev.roster.support.http.Exposition;
import dev.roster.support.process.Ports;
import dev.roster.support.process.RosterProcess;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** One process of the service. */
final class Node implements AutoCloseable {
    private static final Duration PROBE_PATIENCE = Duration.ofSeconds(1);

    private final String name;
    private final Function<String, String> database;
    private final Map<Member, Link> links;
    private final List<Link> lost = new ArrayList<>();
    private final Map<String, String> variables;
    private final URI address;
    private final URI adminAddress;
    private RosterProcess process;

    /**
     * Starts the migrations.
     *
     * @param database the address of a database of this name
     * @param links the links on the way to each machine, unless they are shared
     */
    Node(String name, Function<String, String> database, Map<Member, Link> links, Map<String, String> more) {
        this.name = name;
        this.database = database;
        this.links = links;
        int port = Ports.free();
        int adminPort = Ports.free();
        address = URI.create("http://127.0.0.1:" + port);
        adminAddress = URI.create("http://127.0.0.1:" + adminPort);
        variables = new HashMap<>(Cluster.settings(Map.of(
                "DATABASE_URL", database.apply(Cluster.ROSTER),
                "SHUTDOWN_DELAY", "1s",
                "API_HOST", "127.0.0.1",
                "API_PORT", Integer.toString(port),
                "ADMIN_PORT", Integer.toString(adminPort))));
        variables.putAll(more);
        process = command("db", "migrate", "config.yml");
    }

    /** A node whose {@code DATABASE_URL} names all machines. */
    static Node withHosts(String name, List<Member> members, Map<String, String> more) {
        Map<Member, Link> links = new LinkedHashMap<>();
        members.forEach(member -> links.put(member, Link.to(member.url(Cluster.ROSTER))));
        String hosts = links.values().stream()
                .map(link -> link.url().replaceAll("^jdbc:postgresql://|/.*$", ""))
                .collect(joining(","));
        return new Node(
                name,
                database -> "jdbc:postgresql://" + hosts + "/" + database + "?targetServerType=primary",
                links,
                more);
    }

    /** A node whose {@code DATABASE_URL} names HAProxy. */
    static Node behind(HaProxy proxy, String name, Map<String, String> more) {
        return new Node(name, proxy::url, Map.of(), more);
    }

    String name() {
        return name;
    }

    /** Lets nothing pass to this machine or from it, on a link of this node's own. */
    void lose(Member member) {
        Link link = links.get(member);
        if (link == null) {
            throw new IllegalStateException(name + " has no link of its own to " + member.name());
        }
        link.halfOpen();
        lost.add(link);
    }

    Client client() {
        return new Client(name, address);
    }

    /** A client of the admin port. */
    Client admin() {
        return new Client(name, adminAddress, PROBE_PATIENCE);
    }

    Api api() {
        return new Api(address).within(Client.PATIENCE);
    }

    /** The sum of a metric over its labels. */
    double metric(String metric) {
        return Exposition.of(new Api(adminAddress))
                .samples(metric)
                .mapToDouble(Exposition.Sample::value)
                .sum();
    }

    /** The timeline of the database that this node uses, as it says. */
    int timeline() {
        return (int) metric("roster_primary_timeline");
    }

    /** Starts a command at a shell, with this node's settings. */
    RosterProcess command(String... arguments) {
        return RosterProcess.start(variables, arguments);
    }

    /** Starts a command on another database. */
    RosterProcess commandOn(String otherDatabase, String... arguments) {
        Map<String, String> others = new HashMap<>(variables);
        others.put("DATABASE_URL", database.apply(otherDatabase));
        return RosterProcess.start(others, arguments);
    }

    void awaitMigrated() {
        int code = process.exitCode();
        if (code != 0) {
            throw new IllegalStateException(name + " has ended with " + code + ": " + process);
        }
    }

    void start() {
        process.close();
        process = command("server", "config.yml");
    }

    void awaitReady() {
        process.awaitReady();
    }

    /** Ends the faults of its links. */
    void heal() {
        lost.forEach(Member::restore);
        lost.clear();
    }

    /** What it has logged. */
    String log() {
        return process.output();
    }

    @Override
    public void close() {
        process.close();
        links.values().forEach(Link::close);
    }
}
