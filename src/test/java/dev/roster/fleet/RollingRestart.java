package dev.roster.fleet;

import dev.roster.support.Poll;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Each node in turn is terminated and restarted behind a load balancer, while users are active. */
final class RollingRestart implements Experiment {
    private static final int LANES = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<String> silent = new ArrayList<>();

    @Override
    public String title() {
        return "rolling restart of all nodes behind a load balancer, under load";
    }

    @Override
    public List<Finding> run(Fleet fleet, Length length) {
        List<Load.Step> failures;
        int requests;
        try (Balancer balancer = new Balancer(fleet.nodes())) {
            Load load = new Load("balancer", balancer.address(), fleet.newPeople(LANES));
            try (load) {
                for (Node node : fleet.nodes()) {
                    Loops.pause(length.crashLoad());
                    restart(node, balancer);
                }
                Loops.pause(length.crashLoad());
            }
            failures = load.failures();
            requests = load.steps().size();
        }
        return List.of(
                Finding.none(requests + " requests; failed", failures),
                Finding.none("nodes that ended before they had said that they are not ready", silent));
    }

    private void restart(Node node, Balancer balancer) {
        node.terminate();
        if (!saysNotReady(node)) {
            silent.add(node.name());
        }
        node.awaitTerminated();
        node.start();
        node.awaitReady();
        Poll.until("the balancer has noticed " + node.name(), PATIENCE, () -> balancer.takes(node));
    }

    private static boolean saysNotReady(Node node) {
        try (Client admin = node.admin()) {
            while (true) {
                int status = admin.send(Request.get("/healthcheck")).status();
                if (status != 200) {
                    return status == 503;
                }
            }
        }
    }
}
