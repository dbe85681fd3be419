package dev.roster.fleet;

import java.util.List;

/** All nodes migrate an empty database at once, then start at once. The start of the fleet itself counts as well. */
final class StartTogether implements Experiment {
    @Override
    public String title() {
        return "three nodes started at once on an empty database, migrations by all";
    }

    @Override
    public List<Finding> run(Fleet fleet, Length length) {
        for (int round = 1; round < length.starts(); round++) {
            fleet.startTogether().forEach(Node::close); // fails if one does not start
        }
        int started = length.starts() * fleet.nodes().size();
        return List.of(Finding.right(
                started + " of " + started + " started; the first three, migrations included, in "
                        + Durations.text(fleet.start()),
                "all",
                true));
    }
}
