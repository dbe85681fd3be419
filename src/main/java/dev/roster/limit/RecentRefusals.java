package dev.roster.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;

/**
 * What this node has refused lately: of a flood only the first request asks the database, and then one every now and then,
 * since another node, or somebody by hand, may have forgiven it. Thread-safe.
 */
final class RecentRefusals {
    private static final int MAX_ENTRIES = 100_000;
    private static final long MAX_NANOS = 5_000_000_000L;
    private static final double NANOS = 1e9;

    private final Ticker ticker = Ticker.systemTicker();
    private final Cache<String, Long> untilByKey = Caffeine.newBuilder()
            .maximumSize(MAX_ENTRIES)
            .ticker(ticker)
            .expireAfter(Expiry.<String, Long>writing(
                    (key, until) -> Duration.ofNanos(Math.min(MAX_NANOS, until - ticker.read()))))
            .build();

    /** Remembers that this key is refused for so many seconds. */
    void add(String key, double seconds) {
        untilByKey.put(key, ticker.read() + (long) (seconds * NANOS));
    }

    /** For how many seconds more this key is refused; 0 where it is not, as far as this node knows. */
    double seconds(String key) {
        Long until = untilByKey.getIfPresent(key);
        return until == null ? 0 : Math.max(0, until - ticker.read()) / NANOS;
    }

    void remove(String key) {
        untilByKey.invalidate(key);
    }
}
