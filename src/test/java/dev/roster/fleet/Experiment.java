package dev.roster.fleet;

import java.util.List;

/** A fault of the fleet, and what it is measured by. */
interface Experiment {
    /** The title in the table. */
    String title();

    /** Runs on a healthy fleet. May leave it broken. */
    List<Finding> run(Fleet fleet, Length length) throws Exception;
}
