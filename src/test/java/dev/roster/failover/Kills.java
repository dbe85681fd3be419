package dev.roster.failover;

import dev.roster.fleet.Durations;
import dev.roster.fleet.Finding;
import dev.roster.fleet.Loops;
import dev.roster.fleet.Readiness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The machine of the primary loses its power, while people are active on all nodes. */
final class Kills implements Experiment {
    /** Patroni's {@code ttl}, and 5 s. */
    private static final Duration BAR = Duration.ofSeconds(25);

    private static final Duration READINESS_BAR = Duration.ofSeconds(2);
    private static final Duration GOOD_BAR = Duration.ofSeconds(5);
    private static final Duration HELD_BACK = Duration.ofSeconds(2);

    private final Mode mode;
    private final Traffic.Findings findings = new Traffic.Findings();
    private final List<Duration> recoveries = new ArrayList<>();
    private final List<Duration> bad = new ArrayList<>();
    private final List<Duration> good = new ArrayList<>();

    private Kills(Mode mode) {
        this.mode = mode;
    }

    static Kills synchronous() {
        return new Kills(Mode.SYNCHRONOUS);
    }

    /** The standbys get nothing for 2 s before the kill. */
    static Kills asynchronous() {
        return new Kills(Mode.ASYNCHRONOUS);
    }

    @Override
    public String title() {
        return mode.isSynchronous()
                ? "kill -9 of the primary's PostgreSQL and Patroni, synchronous"
                : "the same, asynchronous, the standbys held back for 2 s";
    }

    @Override
    public List<Finding> run(Installation installation, Length length) throws Exception {
        double before = restored(installation);
        for (int i = 0; i < length.kills(); i++) {
            kill(installation, length);
        }
        long restored = (long) (restored(installation) - before);
        List<Finding> all = new ArrayList<>();
        if (mode.isSynchronous()) {
            all.addAll(findings.synchronous());
        } else {
            all.addAll(findings.asynchronous());
            all.add(Finding.right("writes that the kills lost: " + findings.lost(), "> 0", findings.lost() > 0));
            all.add(Finding.figure("revocations that nodes wrote again: " + restored));
        }
        all.add(Finding.within(
                length.kills() + " kills; writes again on all nodes after", new Durations(recoveries).max(), BAR));
        all.add(Finding.within("readiness bad after", new Durations(bad).max(), READINESS_BAR));
        all.add(Finding.within(
                "readiness good again, after the other primary, in", new Durations(good).max(), GOOD_BAR));
        return all;
    }

    private void kill(Installation installation, Length length) throws Exception {
        installation.heal(mode);
        Cluster cluster = installation.cluster();
        Member killed = cluster.primary();
        List<Readiness> readiness = installation.nodes().stream()
                .map(node -> new Readiness(node.admin(), node.admin()))
                .toList();
        Traffic traffic = new Traffic(installation.nodes());
        try (traffic) {
            traffic.awaitWrites(length.load());
            if (!mode.isSynchronous()) {
                killed.holdBack();
                Loops.pause(HELD_BACK);
            }
            long begun = System.nanoTime();
            killed.kill();
            cluster.awaitPrimaryOtherThan(killed);
            long taken = System.nanoTime();
            traffic.awaitWrites(length.load());
            recoveries.add(traffic.history().recovery(begun));
            readiness.forEach(Readiness::close);
            readiness.forEach(node -> bad.add(node.badAfter(begun)));
            readiness.forEach(node -> good.add(node.goodAfter(taken)));
        }
        findings.add(traffic);
    }

    private static double restored(Installation installation) {
        return installation.nodes().stream()
                .mapToDouble(node -> node.metric("roster_revocations_restored_total"))
                .sum();
    }
}
