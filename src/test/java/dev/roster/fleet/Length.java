package dev.roster.fleet;

import java.time.Duration;

/**
 * How much is done.
 *
 * @param logouts while nothing is broken
 * @param faultyLogouts while something is
 * @param faultyFor how long these take
 * @param pause of a node
 * @param freeze of PostgreSQL
 * @param replayPause of the replica
 * @param crashes of nodes, one after another
 * @param crashLoad before and after something is killed
 * @param registrations rounds of them
 * @param starts of three nodes on an empty database
 */
record Length(
        int logouts,
        int faultyLogouts,
        Duration faultyFor,
        Duration pause,
        Duration freeze,
        Duration replayPause,
        int crashes,
        Duration crashLoad,
        int registrations,
        int starts) {
    /** Within two minutes in all. */
    static final Length SHORT = new Length(
            80,
            24,
            Duration.ofMillis(600),
            Duration.ofSeconds(4),
            Duration.ofSeconds(3),
            Duration.ofSeconds(2),
            1,
            Duration.ofMillis(500),
            3,
            1);

    /** The full figures. */
    static final Length LONG = new Length(
            2_000,
            100,
            Duration.ofSeconds(8),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            3,
            Duration.ofSeconds(5),
            20,
            5);

    static Length of(String name) {
        return switch (name) {
            case "short" -> SHORT;
            case "long" -> LONG;
            default -> throw new IllegalArgumentException("fleet.length is short or long, not " + name);
        };
    }
}
