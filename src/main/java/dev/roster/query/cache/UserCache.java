package dev.roster.query.cache;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.roster.feed.FeedListener;
import dev.roster.user.StoredUser;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;

/**
 * Users as they were last read from the primary. Somebody who is not there is not remembered.
 *
 * <p>However a load and a change race, no old row is shown after the change was told. Each id has a count of changes. A
 * load takes the count before it asks, and its row is kept with that count; a change is counted once it is committed. A
 * row is shown only while it has the count of now: so it was asked for after the last change that was counted, and has it.
 * Nothing waits for anything. What is removed besides is removed so that nothing stays in memory that is over.
 *
 * <p>Ids share counts, of which there are more than rows: a change makes less than one other be loaded again.
 *
 * <p>Thread-safe.
 */
public final class UserCache implements FeedListener {
    private final Cache<UUID, Row> rows;
    private final AtomicLongArray changes;
    private final Counter hits;
    private final Counter misses;

    /** @param maximum how many users it remembers; of some 500 bytes each, with their counts */
    public UserCache(int maximum, MetricRegistry metrics) {
        Counter evictions = metrics.counter("roster.user-cache.evictions");
        this.rows = Caffeine.newBuilder()
                .maximumSize(maximum)
                .evictionListener((id, row, cause) -> evictions.inc())
                .build();
        this.changes = new AtomicLongArray(2 * Integer.highestOneBit(Math.max(1, maximum)));
        this.hits = metrics.counter("roster.user-cache.hits");
        this.misses = metrics.counter("roster.user-cache.misses");
        metrics.register("roster.user-cache.size", (Gauge<Long>) rows::estimatedSize);
    }

    /**
     * The user as remembered, or else as loaded.
     *
     * @param load asks the primary, and sees all that was committed before
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
            rows.invalidate(id); // it would never be shown, but the details of somebody who was deleted would stay
        }
        return loaded;
    }

    @Override
    public void changed(UUID id) {
        changes.incrementAndGet(index(id));
        rows.invalidate(id);
    }

    @Override
    public void missed() {
        for (int i = 0; i < changes.length(); i++) {
            changes.incrementAndGet(i);
        }
        rows.invalidateAll();
    }

    private int index(UUID id) {
        return id.hashCode() & (changes.length() - 1);
    }

    /** @param count of the changes that were told before it was asked for */
    private record Row(StoredUser user, long count) {}
}
