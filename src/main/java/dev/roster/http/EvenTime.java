package dev.roster.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Hides how long some work took: its result comes a fixed time after this object was made. For answers that must not
 * tell whether a user has an address. The same statements take longer for a known address, because they lock, check and
 * change rows that do not exist for others. Waits without a thread.
 */
public final class EvenTime {
    /** Longer than a few statements take, unless the database is very busy. */
    private static final long NANOS = Duration.ofMillis(50).toNanos();

    private final long start = System.nanoTime();

    /** Gives the result of the work, at once if the time is over. */
    public <T> CompletableFuture<T> delay(T result) {
        long left = NANOS - (System.nanoTime() - start);
        return new CompletableFuture<T>().completeOnTimeout(result, left, TimeUnit.NANOSECONDS);
    }
}
