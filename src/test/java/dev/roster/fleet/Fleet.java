package dev.roster.fleet;

import dev.roster.support.database.PrivatePostgres;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.fault.Link;
import dev.roster.support.http.Api;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A primary, its replica, and three nodes: A, B and C. */
final class Fleet implements AutoCloseable {
    private final PrivatePostgres primary = new PrivatePostgres();
    private final PrivatePostgres standby = PrivatePostgres.standbyOf(primary);
    private final String algorithm;
    private final Duration start;
    private final List<Node> nodes;

    /**
     * Starts the databases, then the nodes at the same time on an empty database.
     *
     * @param algorithm the nodes' {@code TOKEN_ALGORITHM}
     */
    Fleet(String algorithm) {
        this.algorithm = algorithm;
        Runtime.getRuntime()
                .addShutdownHook(new Thread(this::thawDatabases)); // PostgreSQL's own hook waits for frozen servers
        long begun = System.nanoTime();
        nodes = startTogether();
        start = Duration.ofNanos(System.nanoTime() - begun);
    }

    /** Starts three nodes on a new empty database: all migrate it at once, then all start at once. */
    List<Node> startTogether() {
        return startTogether(Map.of());
    }

    /** Does the same with these environment variables. */
    List<Node> startTogether(Map<String, String> more) {
        TestDatabase database = TestDatabase.empty(primary);
        standby.awaitReplayOf(primary);
        Map<String, String> variables = new HashMap<>(more);
        variables.put("TOKEN_ALGORITHM", algorithm);
        List<Node> together = Stream.of("A", "B", "C")
                .map(name -> new Node(name, database, standby, variables))
                .toList();
        together.forEach(Node::awaitMigrated);
        together.forEach(Node::start);
        together.forEach(Node::awaitReady);
        return together;
    }

    /** Whether other services can verify the tokens of the nodes. */
    boolean hasPublicKeys() {
        return !algorithm.equals("HS256");
    }

    /** How long migrating and starting all nodes took. */
    Duration start() {
        return start;
    }

    PrivatePostgres primary() {
        return primary;
    }

    PrivatePostgres standby() {
        return standby;
    }

    List<Node> nodes() {
        return nodes;
    }

    /** The node on which changes are made. */
    Node a() {
        return nodes.get(0);
    }

    /** The node that is broken. */
    Node b() {
        return nodes.get(1);
    }

    Node c() {
        return nodes.get(2);
    }

    /** All nodes but this one. */
    List<Node> without(Node node) {
        return nodes.stream().filter(other -> other != node).toList();
    }

    /** Registers users and waits until the replica shows them. */
    List<Api.TestUser> newPeople(int count) {
        Api api = a().api();
        List<Api.TestUser> people = Stream.generate(api::newUser).limit(count).toList();
        standby.awaitReplayOf(primary);
        return people;
    }

    /** Registers a user and waits until the replica shows them. */
    Api.TestUser newPerson() {
        return newPeople(1).get(0);
    }

    /** Starts a load of this many users on each node. */
    List<Load> newLoads(int lanes) {
        return nodes.stream()
                .map(node -> new Load(node.name(), node.address(), newPeople(lanes)))
                .toList();
    }

    /** Ends every fault and waits until the fleet is healthy. */
    void heal() {
        thaw();
        standby.resumeReplay();
        for (Node node : nodes) {
            node.links().forEach(Link::restore);
            if (!node.isRunning()) {
                node.start();
            }
        }
        nodes.forEach(Node::awaitReady);
        standby.awaitReplayOf(primary);
    }

    private void thaw() {
        thawDatabases();
        nodes.forEach(Node::thaw);
    }

    private void thawDatabases() {
        primary.thaw();
        standby.thaw();
    }

    @Override
    public void close() {
        thaw();
        nodes.forEach(Node::close);
        standby.close();
        primary.close();
    }
}
