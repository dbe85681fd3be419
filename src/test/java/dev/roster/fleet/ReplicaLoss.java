package dev.roster.fleet;

import static java.util.Comparator.comparing;

import dev.roster.support.database.PrivatePostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The replica hangs and is then killed, while users are active on all nodes. No request may fail. */
final class ReplicaLoss implements Experiment {
    private static final int LANES_PER_NODE = 2;
    private static final Duration BAR = Duration.ofSeconds(2);

    @Override
    public String title() {
        return "the replica frozen, then killed and restarted, under load";
    }

    @Override
    public List<Finding> run(Fleet fleet, Length length) {
        PrivatePostgres standby = fleet.standby();
        List<Load> loads = fleet.newLoads(LANES_PER_NODE);
        Loops.pause(length.crashLoad());
        standby.freeze();
        Loops.pause(length.replayPause());
        standby.thaw();
        Loops.pause(length.crashLoad());
        standby.kill();
        Loops.pause(length.crashLoad());
        standby.start();
        Loops.pause(length.crashLoad());
        loads.forEach(Load::close);

        List<Load.Step> steps = new ArrayList<>();
        loads.forEach(load -> steps.addAll(load.steps()));
        Load.Step slowest = Collections.max(steps, comparing(Load.Step::took));
        return List.of(
                Finding.none(
                        steps.size() + " requests; failed",
                        steps.stream().filter(Load.Step::failed).toList()),
                Finding.within("slowest answer (a " + slowest.what() + ")", slowest.took(), BAR));
    }
}
