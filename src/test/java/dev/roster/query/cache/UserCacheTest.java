package dev.roster.query.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import dev.roster.support.Concurrently;
import dev.roster.support.Poll;
import dev.roster.user.StoredUser;
import dev.roster.user.User;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class UserCacheTest {
    private static final UUID ID = UUID.randomUUID();

    private final MetricRegistry metrics = new MetricRegistry();
    private final UserCache cache = new UserCache(100, metrics);

    @Test
    void foundUserIsCached() {
        assertThat(cache.find(ID, () -> user(ID, 1))).isEqualTo(user(ID, 1));

        assertThat(cache.find(ID, UserCacheTest::unexpectedLoad)).isEqualTo(user(ID, 1));
        assertThat(count("hits")).isEqualTo(1);
        assertThat(count("misses")).isEqualTo(1);
    }

    @Test
    void missingUserIsNotCached() {
        assertThat(cache.find(ID, Optional::empty)).isEmpty();

        assertThat(cache.find(ID, () -> user(ID, 1))).isEqualTo(user(ID, 1));
    }

    @Test
    void changedUserIsEvictedAndOthersAreKept() {
        UUID bystander = new UUID(ID.getMostSignificantBits(), ID.getLeastSignificantBits() ^ 1);
        cache.find(ID, () -> user(ID, 1));
        cache.find(bystander, () -> user(bystander, 1));

        cache.changed(ID);

        assertThat(cache.find(ID, () -> user(ID, 2))).isEqualTo(user(ID, 2));
        assertThat(cache.find(bystander, UserCacheTest::unexpectedLoad)).isPresent();
    }

    @Test
    void missedChangesEvictAllUsers() {
        cache.find(ID, () -> user(ID, 1));

        cache.missed();

        assertThat(cache.find(ID, () -> user(ID, 2))).isEqualTo(user(ID, 2));
    }

    @Test
    void userThatChangesDuringItsLoadIsNotCached() {
        assertThat(cache.find(ID, () -> {
                    cache.changed(ID);
                    return user(ID, 1);
                }))
                .isEqualTo(user(ID, 1));
        assertThat(size()).as("the details are not kept either").isZero();
        assertThat(cache.find(ID, () -> {
                    cache.missed();
                    return user(ID, 2);
                }))
                .isEqualTo(user(ID, 2));
        assertThat(size()).isZero();

        assertThat(cache.find(ID, () -> user(ID, 3))).isEqualTo(user(ID, 3));
    }

    /** The first load starts before the change and ends after the second load. */
    @Test
    void loadFromBeforeAChangeDoesNotReplaceALaterLoad() {
        cache.find(ID, () -> {
            cache.changed(ID);
            cache.find(ID, () -> user(ID, 2));
            return user(ID, 1);
        });

        assertThat(cache.find(ID, () -> user(ID, 2))).isEqualTo(user(ID, 2));
    }

    @Test
    void usersBeyondTheMaximumSizeAreEvicted() {
        Stream.generate(UUID::randomUUID).limit(1_000).forEach(id -> cache.find(id, () -> user(id, 1)));

        Poll.until("evicted", Duration.ofSeconds(30), () -> size() <= 100 && count("evictions") >= 900);
    }

    /** Eight threads change four users and announce it while eight others read them. */
    @Test
    void readsAreNeverOlderThanAnAnnouncedChange() throws Exception {
        List<Row> table = Stream.generate(Row::new).limit(4).toList();

        List<List<String>> staleReads = Concurrently.run(16, thread -> {
            Random random = new Random(thread);
            List<String> stale = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                Row row = table.get(random.nextInt(table.size()));
                if (thread >= 8) {
                    long announced = row.announced.get();
                    long shown = cache.find(row.id, row::read).orElseThrow().version();
                    if (shown < announced) {
                        stale.add(shown + " after " + announced);
                    }
                } else if (random.nextInt(100) == 0) {
                    cache.missed();
                } else if (random.nextInt(10) == 0) {
                    row.change();
                }
            }
            return stale;
        });

        assertThat(staleReads).allSatisfy(stale -> assertThat(stale).isEmpty());
        assertThat(count("hits")).isPositive();
    }

    /** A row of the database that is slow to read. */
    private final class Row {
        private final UUID id = UUID.randomUUID();
        private final AtomicLong committed = new AtomicLong(1);
        private final AtomicLong announced = new AtomicLong(1);

        void change() {
            long version = committed.incrementAndGet();
            cache.changed(id);
            announced.accumulateAndGet(version, Math::max);
        }

        Optional<StoredUser> read() {
            long version = committed.get();
            LockSupport.parkNanos(1_000);
            return user(id, version);
        }
    }

    private static Optional<StoredUser> unexpectedLoad() {
        throw new AssertionError("The user should be cached");
    }

    private static Optional<StoredUser> user(UUID id, long version) {
        return Optional.of(new StoredUser(
                new User(id, "A Person", "person@example.com", "user", Instant.EPOCH, Instant.EPOCH), version));
    }

    private long count(String what) {
        return metrics.counter("roster.user-cache." + what).getCount();
    }

    private long size() {
        Gauge<?> size = Objects.requireNonNull(metrics.getGauges().get("roster.user-cache.size"));
        return (Long) size.getValue();
    }
}
