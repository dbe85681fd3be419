package dev.roster.fleet;

import java.time.Duration;

/**
 * How much the experiments do.
 *
 * @param logouts logouts in a healthy fleet
 * @param disables rounds in which a person is disabled; a multiple of four
 * @param faultyLogouts logouts during a fault
 * @param faultyFor how long the logouts during a fault take
 * @param verifierLogouts logouts while an offline verifier loses its stream; a multiple of 25
 * @param pause how long a node stands still
 * @param freeze how long PostgreSQL hangs
 * @param replayPause how long the replica stands still
 * @param crashes kills of each node
 * @param crashLoad how long the load runs before and after a kill
 * @param registrations rounds of registrations
 * @param newcomers registrations while nodes with mails are killed
 * @param starts starts of three nodes on an empty database
 */
record Length(
        int logouts,
        int disables,
        int faultyLogouts,
        Duration faultyFor,
        int verifierLogouts,
        Duration pause,
        Duration freeze,
        Duration replayPause,
        int crashes,
        Duration crashLoad,
        int registrations,
        int newcomers,
        int starts) {
    /** Takes about five minutes. */
    static final Length SHORT = new Length(
            80,
            20,
            24,
            Duration.ofMillis(600),
            75,
            Duration.ofSeconds(4),
            Duration.ofSeconds(3),
            Duration.ofSeconds(2),
            1,
            Duration.ofMillis(500),
            3,
            100,
            1);

    /** The full figures. */
    static final Length LONG = new Length(
            2_000,
            200,
            100,
            Duration.ofSeconds(8),
            1_000,
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            3,
            Duration.ofSeconds(5),
            20,
            2_000,
            5);

    static Length of(String name) {
        return switch (name) {
            case "short" -> SHORT;
            case "long" -> LONG;
            default -> throw new IllegalArgumentException("fleet.length is short or long, not " + name);
        };
    }
}
