package dev.roster.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another thread does. */
final class Poll {
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private Poll() {}

    /** Fails if the condition does not hold within 30 s. */
    static void until(String condition, BooleanSupplier holds) {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as(condition).isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }
}
