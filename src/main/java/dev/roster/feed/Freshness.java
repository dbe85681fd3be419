package dev.roster.feed;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Up to which moment the revoked set is known to be complete. It is fresh while that moment is not long ago, by the
 * monotonic clock and at the time of asking: a node that was paused has not noticed a thing, and yet is not fresh when it
 * goes on. The wall clock has to agree, since the monotonic one stands still while a machine is suspended. Thread-safe.
 */
final class Freshness {
    private final LongSupplier nanoTime;
    private final Clock clock;
    private final Duration limit;
    private volatile @Nullable Moment complete;

    /**
     * @param nanoTime the monotonic clock: {@link System#nanoTime}
     * @param limit for how long the set is fresh after it was known to be complete
     */
    Freshness(LongSupplier nanoTime, Clock clock, Duration limit) {
        this.nanoTime = nanoTime;
        this.clock = clock;
        this.limit = limit;
    }

    /** To be taken before the set is compared with the database, and given to {@link #prove} thereafter. */
    Moment now() {
        return new Moment(nanoTime.getAsLong(), clock.instant());
    }

    /** What was revoked up to this moment is in the set. */
    void prove(Moment moment) {
        complete = moment;
    }

    /** The set may lack something from now on. */
    void lose() {
        complete = null;
    }

    boolean isFresh() {
        Duration age = age();
        return age != null && age.compareTo(limit) < 0;
    }

    /** How long ago the set was last known to be complete; null where it is known that it may not be. */
    @Nullable
    Duration age() {
        Moment last = complete;
        if (last == null) {
            return null;
        }
        Duration monotonic = Duration.ofNanos(nanoTime.getAsLong() - last.nanos());
        Duration wall = Duration.between(last.instant(), clock.instant());
        return monotonic.compareTo(wall) > 0 ? monotonic : wall;
    }

    /** A moment by both clocks. */
    record Moment(long nanos, Instant instant) {}
}
