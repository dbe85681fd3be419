package dev.roster.failover;

import java.util.List;
import java.util.Map;

/**
 * The cluster and three nodes: A and B know all machines, C knows HAProxy. A and B prove by commits that their database
 * is the primary, C by reads.
 */
final class Installation implements AutoCloseable {
    private final Cluster cluster = new Cluster();
    private final Node a;
    private final Node b;
    private final Node c;

    /** Starts everything. */
    Installation() {
        a = Node.withHosts("A", cluster.members(), variables("commit"));
        b = Node.withHosts("B", cluster.members(), variables("commit"));
        c = Node.behind(cluster.proxy(), "C", variables("read"));
        nodes().forEach(Node::awaitMigrated);
        nodes().forEach(Node::start);
        nodes().forEach(Node::awaitReady);
    }

    /** The defaults of config.yml, except for what a test needs. */
    private static Map<String, String> variables(String proof) {
        return Map.of(
                "FEED_PROOF", proof,
                "DATABASE_SOCKET_TIMEOUT", "",
                "DATABASE_STATEMENT_TIMEOUT", "",
                "DATABASE_POOL_WAIT", "");
    }

    Cluster cluster() {
        return cluster;
    }

    List<Node> nodes() {
        return List.of(a, b, c);
    }

    /** A node that knows all machines. */
    Node a() {
        return a;
    }

    /** A node that knows all machines. */
    Node b() {
        return b;
    }

    /** The node behind HAProxy. */
    Node c() {
        return c;
    }

    /** Ends every fault of what runs. */
    void heal() {
        nodes().forEach(Node::heal);
        cluster.proxy().heal();
        cluster.heal();
    }

    /** Ends every fault and waits until everything works, replicating in this mode. */
    void heal(Mode mode) {
        heal();
        cluster.heal(mode);
        nodes().forEach(Node::awaitReady);
    }

    @Override
    public void close() {
        nodes().forEach(Node::close);
        cluster.close();
    }
}
