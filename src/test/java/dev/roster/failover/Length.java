package dev.roster.failover;

import java.time.Duration;

/**
 * How much the experiments do.
 *
 * @param switchovers planned changes of the primary
 * @param kills kills of the primary in each mode
 * @param load how long the load runs before a fault, and after its end
 * @param freeze how long PostgreSQL hangs, at least; not shorter than Patroni's {@code ttl} of 20 s
 * @param outage how long etcd is stopped; longer than Patroni tries to reach it again, 2 × 3 s
 * @param commands commands at a shell during a switchover
 */
record Length(int switchovers, int kills, Duration load, Duration freeze, Duration outage, int commands) {
    /** Takes about five minutes. */
    static final Length SHORT =
            new Length(1, 1, Duration.ofSeconds(1), Duration.ofSeconds(20), Duration.ofSeconds(9), 4);

    /** The full figures. */
    static final Length LONG =
            new Length(10, 10, Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(60), 20);

    static Length of(String name) {
        return switch (name) {
            case "short" -> SHORT;
            case "long" -> LONG;
            default -> throw new IllegalArgumentException("failover.length is short or long, not " + name);
        };
    }
}
