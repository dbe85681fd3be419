package dev.roster.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.roster.refusal.ReachedLimit;
import dev.roster.refusal.RefusedException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Makes the refusals of one limit, and remembers them on this node, so that a flood of requests does not reach the
 * database. An entry expires after at most 5 s, since the limit may be reset on another node or in the database.
 * Thread-safe.
 */
final class RecentRefusals {
    private static final int MAX_ENTRIES = 100_000;
    private static final long MAX_NANOS = 5_000_000_000L;
    private static final double NANOS = 1e9;

    private final String limit;
    private final int quota;
    private final @Nullable Long windowSeconds;
    private final Ticker ticker = Ticker.systemTicker();
    private final Cache<String, Long> untilByKey = Caffeine.newBuilder()
            .maximumSize(MAX_ENTRIES)
            .ticker(ticker)
            .expireAfter(Expiry.<String, Long>writing(
                    (key, until) -> Duration.ofNanos(Math.min(MAX_NANOS, until - ticker.read()))))
            .build();

    /**
     * @param limit the name of the limit, as clients see it
     * @param quota how many requests the limit lets through at once
     * @param windowSeconds in which the whole quota becomes free again; null if the delay grows with each try
     */
    RecentRefusals(String limit, int quota, @Nullable Long windowSeconds) {
        this.limit = limit;
        this.quota = quota;
        this.windowSeconds = windowSeconds;
    }

    /** @throws RefusedException {@code TOO_MANY_REQUESTS} if a refusal of this key is remembered */
    void throwIfRefused(String key) {
        Long until = untilByKey.getIfPresent(key);
        double seconds = until == null ? 0 : (until - ticker.read()) / NANOS;
        if (seconds > 0) {
            throw refusal(seconds);
        }
    }

    /** Remembers that a key is refused for this time. */
    void remember(String key, double seconds) {
        untilByKey.put(key, ticker.read() + (long) (seconds * NANOS));
    }

    /** Remembers that a key is refused for this time, and returns the refusal. */
    RefusedException refuse(String key, double seconds) {
        remember(key, seconds);
        return refusal(seconds);
    }

    /** Returns a refusal without remembering it. */
    RefusedException refusal(double seconds) {
        return RefusedException.tooMany(
                new ReachedLimit(limit, quota, windowSeconds, Math.max(1, (long) Math.ceil(seconds))));
    }

    void forget(String key) {
        untilByKey.invalidate(key);
    }
}
