package dev.roster.fleet;

import java.util.List;

/** Something that happens to a fleet, and what came of it. */
interface Experiment {
    /** What is done, for the table. */
    String title();

    /** Does it to a fleet that is well; may leave it broken. */
    List<Finding> run(Fleet fleet, Length length) throws Exception;
}
