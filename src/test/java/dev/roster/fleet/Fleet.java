package dev.roster.fleet;

import dev.roster.support.database.PrivatePostgres;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.fault.Link;
import dev.roster.support.http.Api;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A primary, its replica, and three nodes on them: A, B and C. */
final class Fleet implements AutoCloseable {
    private final PrivatePostgres primary = new PrivatePostgres();
    private final PrivatePostgres standby = PrivatePostgres.standbyOf(primary);
    private final Duration start;
    private final List<Node> nodes;

    /** Starts it all, the nodes at once on an empty database. */
    Fleet() {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(this::thawDatabases)); // else PostgreSQL's own would wait for ever
        long begun = System.nanoTime();
        nodes = startTogether();
        start = Duration.ofNanos(System.nanoTime() - begun);
    }

    /** Three more nodes on an empty database of their own; each migrates it, at once, and then they start, at once. */
    List<Node> startTogether() {
        TestDatabase database = TestDatabase.empty(primary);
        standby.awaitReplayOf(primary);
        List<Node> together = Stream.of("A", "B", "C")
                .map(name -> new Node(name, database, standby))
                .toList();
        together.forEach(Node::awaitMigrated);
        together.forEach(Node::start);
        together.forEach(Node::awaitReady);
        return together;
    }

    /** How long the start of all nodes has taken, from the empty database on. */
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

    /** Where things are done. */
    Node a() {
        return nodes.get(0);
    }

    /** What is broken. */
    Node b() {
        return nodes.get(1);
    }

    Node c() {
        return nodes.get(2);
    }

    /** The others. */
    List<Node> without(Node node) {
        return nodes.stream().filter(other -> other != node).toList();
    }

    /** People whom every node knows, the replica included. */
    List<Api.TestUser> newPeople(int count) {
        Api api = a().api();
        List<Api.TestUser> people = Stream.generate(api::newUser).limit(count).toList();
        standby.awaitReplayOf(primary);
        return people;
    }

    /** Somebody whom every node knows. */
    Api.TestUser newPerson() {
        return newPeople(1).get(0);
    }

    /** So many people at each node, all the time. */
    List<Load> newLoads(int lanes) {
        return nodes.stream()
                .map(node -> new Load(node.name(), node.address(), newPeople(lanes)))
                .toList();
    }

    /** Waits until all is well, whatever was done to it. */
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
