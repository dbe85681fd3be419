package dev.roster.failover;

import dev.roster.fleet.Finding;
import java.util.List;

/** A fault of the cluster, and what it is measured by. */
interface Experiment {
    /** The title in the table. */
    String title();

    /** Runs once all machines and nodes are well and replicate synchronously. May leave them broken. */
    List<Finding> run(Installation installation, Length length) throws Exception;
}
