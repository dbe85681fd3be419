package dev.roster.failover;

import dev.roster.fleet.Durations;
import dev.roster.fleet.Finding;
import dev.roster.fleet.Loops;
import dev.roster.support.Poll;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** etcd is stopped for a while. With {@code failsafe_mode} the primary goes on, without it steps down. */
final class StoreOutage implements Experiment {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration RECOVERY_BAR = Duration.ofSeconds(20);

    /** Twice Patroni's {@code loop_wait}: until it has read its settings. */
    private static final Duration SETTLE = Duration.ofSeconds(4);

    private final boolean failsafe;

    StoreOutage(boolean failsafe) {
        this.failsafe = failsafe;
    }

    @Override
    public String title() {
        return "etcd stopped, failsafe_mode " + (failsafe ? "on" : "off");
    }

    @Override
    public List<Finding> run(Installation installation, Length length) throws Exception {
        installation.heal(Mode.SYNCHRONOUS);
        Cluster cluster = installation.cluster();
        Member primary = cluster.primary();
        if (!failsafe) {
            cluster.set(Map.of("failsafe_mode", false));
            Loops.pause(SETTLE);
        }
        Traffic.Findings findings = new Traffic.Findings();
        Traffic traffic = new Traffic(installation.nodes());
        Duration recovery;
        Duration interruption;
        try (traffic) {
            traffic.awaitWrites(length.load());
            long begun = System.nanoTime();
            cluster.etcd().stop();
            if (!failsafe) {
                Poll.until("no primary", PATIENCE, () -> !primary.api().isPrimary());
            }
            Loops.pauseUntil(begun + length.outage().toNanos());
            long back = System.nanoTime();
            cluster.etcd().start();
            traffic.awaitWrites(length.load());
            interruption = traffic.history().longestPause(begun);
            recovery = traffic.history().recovery(back);
        }
        findings.add(traffic);
        List<Finding> all = new ArrayList<>(findings.synchronous());
        if (failsafe) {
            int failed = traffic.history().failures().size();
            all.add(Finding.timely("requests without success: " + failed, "0", failed == 0));
            all.add(Finding.figure("longest time without a write on a node: " + Durations.text(interruption)));
        } else {
            all.add(Finding.within("etcd back; writes again on all nodes after", recovery, RECOVERY_BAR));
        }
        return all;
    }
}
