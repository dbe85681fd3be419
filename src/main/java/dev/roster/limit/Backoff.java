package dev.roster.limit;

import dev.roster.refusal.ReachedLimit;
import dev.roster.refusal.RefusedException;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * A limit of failures in a row: some are free, then each closes the account for longer, until one succeeds or none has
 * come for a day. Never for good, since that would let anybody shut its owner out. Thread-safe.
 */
final class Backoff {
    private static final double MEMORY_SECONDS = Duration.ofDays(1).toSeconds();

    private final String name;
    private final int free;
    private final double longestSeconds;
    private final LimitKeys keys;
    private final RecentRefusals refusals = new RecentRefusals();

    /**
     * @param free how many failures close nothing; 0 where there is no limit
     * @param longest for which the account is closed at once
     */
    Backoff(String name, int free, Duration longest, LimitKeys keys) {
        this.name = name;
        this.free = free;
        this.longestSeconds = longest.toSeconds();
        this.keys = keys;
    }

    boolean isOn() {
        return free > 0;
    }

    String key(String subject) {
        return keys.of(name, subject);
    }

    /** @throws RefusedException {@code TOO_MANY_REQUESTS} where this node knows that the account is closed */
    void refuseKnown(String subject) {
        double seconds = refusals.seconds(key(subject));
        if (seconds > 0) {
            throw refusal(seconds);
        }
    }

    /** The refusal of an account that is closed for so many seconds, which this node remembers. */
    RefusedException refuse(String subject, double seconds) {
        remember(subject, seconds);
        return refusal(seconds);
    }

    void remember(String subject, double seconds) {
        refusals.add(key(subject), seconds);
    }

    /**
     * Counts a failure, unless the account is closed.
     *
     * @return for how many seconds it is closed now; empty where it was closed before
     */
    Optional<Double> fail(Handle handle, String subject) {
        return isOn()
                ? handle.attach(LimitCommands.class).fail(key(subject), free, longestSeconds, MEMORY_SECONDS)
                : Optional.of(0.0);
    }

    /** Forgets the failures, for one has succeeded. */
    void forget(Handle handle, String subject) {
        handle.attach(LimitCommands.class).forget(key(subject));
        refusals.remove(key(subject));
    }

    RefusedException refusal(double seconds) {
        return RefusedException.tooMany(new ReachedLimit(name, free, null, Math.max(1, (long) Math.ceil(seconds))));
    }
}
