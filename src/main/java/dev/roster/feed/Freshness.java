package dev.roster.feed;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The last moment up to which memory is proven complete. Memory is fresh while that moment is recent. Two clocks must
 * agree: the monotonic clock, which counts a pause of the process, and the wall clock, which also counts a suspension
 * of the machine. Thread-safe.
 */
final class Freshness {
    private final LongSupplier nanoTime;
    private final Clock clock;
    private final Duration limit;
    private volatile @Nullable Moment complete;

    /**
     * @param nanoTime the monotonic clock: {@link System#nanoTime}
     * @param limit how long memory is fresh after the last proof
     */
    Freshness(LongSupplier nanoTime, Clock clock, Duration limit) {
        this.nanoTime = nanoTime;
        this.clock = clock;
        this.limit = limit;
    }

    /** The present moment. Take it before asking the database, and pass it to {@link #prove} after the answer. */
    Moment now() {
        return new Moment(nanoTime.getAsLong(), clock.instant());
    }

    /** Memory holds everything that was committed up to this moment. */
    void prove(Moment moment) {
        complete = moment;
    }

    /** From now on, memory may lack something. */
    void lose() {
        complete = null;
    }

    boolean isFresh() {
        Duration age = age();
        return age != null && age.compareTo(limit) < 0;
    }

    /** How long ago memory was last proven complete; null after {@link #lose}. */
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

    /** A moment on both clocks. */
    record Moment(long nanos, Instant instant) {}
}
