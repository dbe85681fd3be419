package dev.roster.failover;

import dev.roster.failover.History.Losses;
import dev.roster.failover.Visitor.Loss;
import dev.roster.fleet.Durations;
import dev.roster.fleet.Finding;
import dev.roster.fleet.Loops;
import dev.roster.support.Poll;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The primary's Patroni hangs, and its PostgreSQL goes on beside the one that takes over. Without a synchronous standby
 * both can write, and no watchdog ends the old one.
 */
final class TwoPrimaries implements Experiment {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration BAR = Duration.ofSeconds(2);

    @Override
    public String title() {
        return "SIGSTOP of the primary's Patroni alone, asynchronous: two primaries";
    }

    @Override
    public List<Finding> run(Installation installation, Length length) throws Exception {
        installation.heal(Mode.ASYNCHRONOUS);
        Cluster cluster = installation.cluster();
        Member old = cluster.primary();
        Traffic.Findings findings = new Traffic.Findings();
        Map<String, Long> seen = new HashMap<>();
        Traffic traffic = new Traffic(installation.nodes());
        List<Duration> delays = new ArrayList<>();
        try (traffic) {
            traffic.awaitWrites(length.load());
            old.freezePatroni();
            Member next = cluster.awaitPrimaryOtherThan(old);
            long taken = System.nanoTime();
            int timeline = Cluster.timeline(next);
            for (Node node : installation.nodes()) {
                Poll.until(node.name() + " sees timeline " + timeline, PATIENCE, () -> node.timeline() == timeline);
                seen.put(node.name(), System.nanoTime());
                delays.add(Duration.ofNanos(System.nanoTime() - taken));
            }
            traffic.awaitWrites(length.load());
            Loops.pause(length.load());
        }
        Finding writable = Finding.right("the old one still accepts writes", "yes", Cluster.isWritable(old));
        Losses losses = findings.add(traffic);
        List<Loss> late = losses.lost().stream()
                .filter(loss -> loss.begun() > seen.getOrDefault(loss.node(), 0L))
                .toList();
        List<Finding> all = new ArrayList<>();
        all.add(writable);
        all.add(Finding.none("accepted on the old one after the node had seen the new one", late));
        all.addAll(findings.asynchronous());
        all.add(Finding.within("the nodes see the new one after", new Durations(delays).max(), BAR));
        return all;
    }
}
