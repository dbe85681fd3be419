package dev.roster.query.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.roster.user.StoredUser;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;

/**
 * Caches users as read from the primary. Unknown ids are not cached.
 *
 * <p>A stale row is never returned after its change was announced. Each id has a change counter. A load stores the
 * counter that it saw before it queried; a row is valid only while that counter is unchanged. Changes are announced
 * after their commit, so a valid row includes every announced change. No locks are needed. Invalid rows are removed
 * only so that they do not stay in memory.
 *
 * <p>Ids share counters. There are more counters than rows, so a change invalidates less than one other row on average.
 *
 * <p>Thread-safe.
 */
public final class UserCache {
    private final Cache<UUID, Row> rows;
    private final AtomicLongArray changes;
    private final CounterDataPoint hits;
    private final CounterDataPoint misses;

    /** How many bytes of a profile count as one more user: about as many as a user without a profile takes. */
    private static final int PROFILE_UNIT = 512;

    private static final int LAST_OF_ONE_BYTE = 0xFF;

    /**
     * @param maximum the maximum number of users; each takes about 450 bytes, counters included. A user counts once
     *     more for each 512 bytes of profile
     */
    public UserCache(int maximum, PrometheusRegistry metrics) {
        Counter evictions = Counter.builder()
                .name("roster_user_cache_evictions")
                .help("Users evicted from the cache because it was full.")
                .withoutExemplars()
                .register(metrics);
        this.rows = Caffeine.newBuilder()
                .maximumWeight(maximum)
                .weigher(
                        (UUID id, Row row) -> weight(row.user().user().profile().text()))
                .evictionListener((id, row, cause) -> evictions.inc())
                .build();
        this.changes = new AtomicLongArray(2 * Integer.highestOneBit(Math.max(1, maximum)));
        Counter lookups = Counter.builder()
                .name("roster_user_cache_lookups")
                .help("User cache lookups. A miss reads from the primary.")
                .labelNames("outcome")
                .withoutExemplars()
                .register(metrics);
        this.hits = lookups.labelValues("hits");
        this.misses = lookups.labelValues("misses");
        GaugeWithCallback.builder()
                .name("roster_user_cache_size")
                .help("Users in the cache.")
                .callback(size -> size.call((double) rows.estimatedSize()))
                .register(metrics);
    }

    /**
     * Returns the cached user, or loads it.
     *
     * @param load queries the primary, and must see everything that was committed before the call
     */
    public Optional<StoredUser> find(UUID id, Supplier<Optional<StoredUser>> load) {
        int index = index(id);
        long count = changes.get(index);
        Row row = rows.getIfPresent(id);
        if (row != null && row.count() == count) {
            hits.inc();
            return Optional.of(row.user());
        }
        misses.inc();
        Optional<StoredUser> loaded = load.get();
        loaded.ifPresent(user -> rows.put(user.user().id(), new Row(user, count)));
        if (changes.get(index) != count) {
            rows.invalidate(id); // the row is invalid already, but a deleted user's details must not stay in memory
        }
        return loaded;
    }

    /** Forgets this user: the row has changed, or was deleted. */
    public void changed(UUID id) {
        changes.incrementAndGet(index(id));
        rows.invalidate(id);
    }

    /** Forgets all users: any row may have changed. */
    public void missed() {
        for (int i = 0; i < changes.length(); i++) {
            changes.incrementAndGet(i);
        }
        rows.invalidateAll();
    }

    /** The JVM keeps a text with a character past U+00FF in two bytes a character. */
    private static int weight(String profile) {
        boolean isWide = profile.chars().anyMatch(character -> character > LAST_OF_ONE_BYTE);
        return 1 + profile.length() * (isWide ? 2 : 1) / PROFILE_UNIT;
    }

    private int index(UUID id) {
        return id.hashCode() & (changes.length() - 1);
    }

    /** @param count the change counter that the load saw before it queried */
    private record Row(StoredUser user, long count) {}
}
