package dev.roster.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for what another process does. */
final class Poll {
    private static final Duration PAUSE = Duration.ofMillis(10);

    /** Something that becomes true. */
    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private Poll() {}

    /** Fails if the condition does not hold in time. */
    static void until(String condition, Duration longest, Condition awaited) throws IOException, InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        while (!awaited.holds()) {
            assertThat(System.nanoTime()).as(condition).isLessThan(end);
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
