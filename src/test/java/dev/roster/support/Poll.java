package dev.roster.support;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition that another process makes true. */
public final class Poll {
    private static final long INTERVAL_NANOS = Duration.ofMillis(20).toNanos();

    private Poll() {}

    /**
     * Returns once the condition holds.
     *
     * @param what names the condition in the error message
     * @throws AssertionError if it does not hold within the time
     */
    public static void until(String what, Duration within, BooleanSupplier isSo) {
        long deadline = System.nanoTime() + within.toNanos();
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() - deadline >= 0) {
                throw new AssertionError("Not within " + within + ": " + what);
            }
            LockSupport.parkNanos(INTERVAL_NANOS);
        }
    }
}
