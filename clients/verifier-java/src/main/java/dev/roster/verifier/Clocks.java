package dev.roster.verifier;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * Two clocks, because neither is enough: the wall clock may step back, and the other may stand still while the machine
 * is suspended.
 *
 * @param wall the wall clock
 * @param nanos nanoseconds from an arbitrary moment on, as {@link System#nanoTime}
 */
record Clocks(Clock wall, LongSupplier nanos) {
    static final Clocks SYSTEM = new Clocks(Clock.systemUTC(), System::nanoTime);

    /** A moment on both clocks. */
    record Moment(Instant wall, long nanos) {}

    Moment now() {
        return new Moment(wall.instant(), nanos.getAsLong());
    }

    /** The time since then on the clock that shows more. */
    Duration since(Moment then) {
        Moment now = now();
        Duration steady = Duration.ofNanos(now.nanos - then.nanos);
        Duration shown = Duration.between(then.wall, now.wall);
        return shown.compareTo(steady) > 0 ? shown : steady;
    }
}
