package dev.roster.fleet;

import static java.util.Comparator.comparing;

import dev.roster.support.Poll;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** PostgreSQL hangs: it neither answers nor closes anything. */
final class DatabaseFreeze implements Experiment {
    private static final int LANES_PER_NODE = 4;
    private static final Duration BAR = Duration.ofSeconds(2);
    private static final Duration AFTERWARDS = Duration.ofSeconds(1);
    private static final Duration RECOVERY = Duration.ofSeconds(20);

    private final boolean replicaToo;

    /** @param replicaToo whether the replica hangs as well */
    DatabaseFreeze(boolean replicaToo) {
        this.replicaToo = replicaToo;
    }

    @Override
    public String title() {
        return replicaToo ? "the same, and its replica with it" : "PostgreSQL frozen (SIGSTOP)";
    }

    @Override
    public List<Finding> run(Fleet fleet, Length length) {
        List<Readiness> readiness = fleet.nodes().stream().map(Readiness::new).toList();
        List<Load> loads = fleet.newLoads(LANES_PER_NODE);
        long frozen = System.nanoTime();
        fleet.primary().freeze();
        if (replicaToo) {
            fleet.standby().freeze();
        }
        Loops.pause(length.freeze());
        long thawed = System.nanoTime();
        fleet.primary().thaw();
        fleet.standby().thaw();
        Loops.pause(AFTERWARDS);
        loads.forEach(Load::close);
        readiness.forEach(Readiness::close);
        fleet.nodes().forEach(node -> Poll.until("no thread is busy on " + node.name(), RECOVERY, node::isIdle));

        List<Load.Step> steps = all(loads, Load::steps);
        Load.Step slowest = Collections.max(steps, comparing(Load.Step::took));
        return List.of(
                Finding.within(
                        "frozen for " + length.freeze().toSeconds() + " s; slowest of " + steps.size() + " answers (a "
                                + slowest.what() + ")",
                        slowest.took(),
                        BAR),
                Finding.none("answers other than success and 503, or none", all(loads, Load::faults)),
                Finding.within("readiness bad after", slowest(readiness, one -> one.badAfter(frozen)), BAR),
                Finding.within("readiness good after", slowest(readiness, one -> one.goodAfter(thawed)), BAR),
                Finding.none("liveness other than 200", all(readiness, Readiness::lifeless)),
                Finding.within(
                        "slowest liveness",
                        slowest(readiness, one -> one.livenessTimes().max()),
                        BAR),
                Finding.figure("no thread and no connection busy afterwards"));
    }

    private static <T, R> List<R> all(List<T> ofThese, Function<T, List<R>> what) {
        return ofThese.stream().map(what).flatMap(List::stream).toList();
    }

    private static <T> Duration slowest(List<T> ofThese, Function<T, Duration> what) {
        return new Durations(ofThese.stream().map(what).toList()).max();
    }
}
