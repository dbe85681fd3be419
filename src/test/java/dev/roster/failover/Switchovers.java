package dev.roster.failover;

import dev.roster.fleet.Durations;
import dev.roster.fleet.Finding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An operator makes another machine the primary, while people are active on all nodes. */
final class Switchovers implements Experiment {
    private static final Duration BAR = Duration.ofSeconds(5);

    @Override
    public String title() {
        return "patronictl switchover under load";
    }

    @Override
    public List<Finding> run(Installation installation, Length length) throws Exception {
        Traffic.Findings findings = new Traffic.Findings();
        List<Duration> pauses = new ArrayList<>();
        for (int i = 0; i < length.switchovers(); i++) {
            installation.heal(Mode.SYNCHRONOUS);
            Traffic traffic = new Traffic(installation.nodes());
            try (traffic) {
                traffic.awaitWrites(length.load());
                long begun = System.nanoTime();
                installation.cluster().switchover();
                traffic.awaitWrites(length.load());
                pauses.add(traffic.history().longestPause(begun));
            }
            findings.add(traffic);
        }
        List<Finding> all = new ArrayList<>(findings.synchronous());
        all.add(Finding.within(
                length.switchovers() + " switchovers; longest time without a write on a node",
                new Durations(pauses).max(),
                BAR));
        return all;
    }
}
