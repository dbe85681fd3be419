package dev.roster.limit;

import dev.roster.limit.LimitCommands.Failures;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * A limit on consecutive failures. The first ones are free; then each failure closes the account, for 1 s and then
 * twice as long each time. A success resets it, and so does a day without failures. An account is never closed
 * permanently: that would let anyone lock its owner out. Thread-safe.
 */
final class Backoff {
    /** Counts failures without ever closing the account. */
    static final int NEVER = Integer.MAX_VALUE;

    private static final double MEMORY_SECONDS = Duration.ofDays(1).toSeconds();

    private final String name;
    private final int free;
    private final double longestSeconds;
    private final LimitKeys keys;
    private final RecentRefusals refusals;

    /**
     * @param free how many failures are answered before the account closes; 0 switches the limit off
     * @param longest the longest time for which one failure closes the account; 0 switches the limit off
     */
    Backoff(String name, int free, Duration longest, LimitKeys keys) {
        this.name = name;
        this.free = free;
        this.longestSeconds = longest.toSeconds();
        this.keys = keys;
        this.refusals = new RecentRefusals(name, free, null);
    }

    boolean isEnabled() {
        return free > 0 && free < NEVER && longestSeconds > 0;
    }

    RecentRefusals refusals() {
        return refusals;
    }

    String key(String subject) {
        return keys.of(name, subject);
    }

    /**
     * Counts a failure, unless the account is closed. Its row stays locked until the transaction ends.
     *
     * @return empty if the account is closed already
     */
    Optional<Failures> recordFailure(Handle handle, String subject) {
        return free > 0 && longestSeconds > 0
                ? handle.attach(LimitCommands.class).recordFailure(key(subject), free, longestSeconds, MEMORY_SECONDS)
                : Optional.of(new Failures(0, 0));
    }

    /** Resets the limit after a success. The row stays locked until the transaction ends. */
    void clearFailures(Handle handle, String subject) {
        String key = key(subject);
        handle.attach(LimitCommands.class).clearFailures(key);
        refusals.forget(key);
    }
}
