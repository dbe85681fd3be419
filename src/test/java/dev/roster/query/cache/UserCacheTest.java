package dev.roster.query.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Concurrently;
import dev.roster.support.Poll;
import dev.roster.user.StoredUser;
import dev.roster.user.User;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class UserCacheTest {
    private static final UUID ID = UUID.randomUUID();

    private final PrometheusRegistry metrics = new PrometheusRegistry();
    private final UserCache cache = new UserCache(100, metrics);

    @Test
    void remembersWhoWasFound() {
        assertThat(cache.find(ID, () -> user(ID, 1))).isEqualTo(user(ID, 1));

        assertThat(cache.find(ID, UserCacheTest::notAsked)).isEqualTo(user(ID, 1));
        assertThat(lookups("hits")).isEqualTo(1);
        assertThat(lookups("misses")).isEqualTo(1);
    }

    @Test
    void remembersNobodyWhoWasNotThere() {
        assertThat(cache.find(ID, Optional::empty)).isEmpty();

        assertThat(cache.find(ID, () -> user(ID, 1))).isEqualTo(user(ID, 1));
    }

    @Test
    void forgetsWhoHasChanged() {
        UUID bystander = new UUID(ID.getMostSignificantBits(), ID.getLeastSignificantBits() ^ 1);
        cache.find(ID, () -> user(ID, 1));
        cache.find(bystander, () -> user(bystander, 1));

        cache.changed(ID);

        assertThat(cache.find(ID, () -> user(ID, 2))).isEqualTo(user(ID, 2));
        assertThat(cache.find(bystander, UserCacheTest::notAsked)).isPresent();
    }

    @Test
    void forgetsEverybodyWhereItHasMissedSomething() {
        cache.find(ID, () -> user(ID, 1));

        cache.missed();

        assertThat(cache.find(ID, () -> user(ID, 2))).isEqualTo(user(ID, 2));
    }

    @Test
    void remembersNobodyWhoChangesWhileTheDatabaseIsAsked() {
        assertThat(cache.find(ID, () -> {
                    cache.changed(ID);
                    return user(ID, 1);
                }))
                .isEqualTo(user(ID, 1));
        assertThat(size()).as("nor are the details kept").isZero();
        assertThat(cache.find(ID, () -> {
                    cache.missed();
                    return user(ID, 2);
                }))
                .isEqualTo(user(ID, 2));
        assertThat(size()).isZero();

        assertThat(cache.find(ID, () -> user(ID, 3))).isEqualTo(user(ID, 3));
    }

    /** One that was asked for before a change comes after one that was asked for thereafter. */
    @Test
    void showsNoOldRowThatComesLate() {
        cache.find(ID, () -> {
            cache.changed(ID);
            cache.find(ID, () -> user(ID, 2));
            return user(ID, 1);
        });

        assertThat(cache.find(ID, () -> user(ID, 2))).isEqualTo(user(ID, 2));
    }

    @Test
    void remembersNoMoreThanItMay() {
        Stream.generate(UUID::randomUUID).limit(1_000).forEach(id -> cache.find(id, () -> user(id, 1)));

        Poll.until(
                "evicted",
                Duration.ofSeconds(30),
                () -> size() <= 100 && sample("roster_user_cache_evictions", Labels.EMPTY) >= 900);
    }

    /** Eight threads change few users, and tell it, while eight others read them. */
    @Test
    void showsNothingOlderThanWhatWasTold() throws Exception {
        List<Row> table = Stream.generate(Row::new).limit(4).toList();

        List<List<String>> older = Concurrently.run(16, thread -> {
            Random random = new Random(thread);
            List<String> seen = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                Row row = table.get(random.nextInt(table.size()));
                if (thread >= 8) {
                    long told = row.told.get();
                    long shown = cache.find(row.id, row::read).orElseThrow().version();
                    if (shown < told) {
                        seen.add(shown + " after " + told);
                    }
                } else if (random.nextInt(100) == 0) {
                    cache.missed();
                } else if (random.nextInt(10) == 0) {
                    row.change();
                }
            }
            return seen;
        });

        assertThat(older).allSatisfy(seen -> assertThat(seen).isEmpty());
        assertThat(lookups("hits")).isPositive();
    }

    /** A database's row; to read it takes a while. */
    private final class Row {
        private final UUID id = UUID.randomUUID();
        private final AtomicLong committed = new AtomicLong(1);
        private final AtomicLong told = new AtomicLong(1);

        void change() {
            long version = committed.incrementAndGet();
            cache.changed(id);
            told.accumulateAndGet(version, Math::max);
        }

        Optional<StoredUser> read() {
            long version = committed.get();
            LockSupport.parkNanos(1_000);
            return user(id, version);
        }
    }

    private static Optional<StoredUser> notAsked() {
        throw new AssertionError("It should be remembered");
    }

    private static Optional<StoredUser> user(UUID id, long version) {
        return Optional.of(new StoredUser(
                new User(id, "A Person", "person@example.com", "user", Instant.EPOCH, Instant.EPOCH), version));
    }

    private double lookups(String outcome) {
        return sample("roster_user_cache_lookups", Labels.of("outcome", outcome));
    }

    private double size() {
        return sample("roster_user_cache_size", Labels.EMPTY);
    }

    private double sample(String name, Labels labels) {
        DataPointSnapshot sample = metrics.scrape(name::equals).stream()
                .flatMap(metric -> metric.getDataPoints().stream())
                .filter(point -> point.getLabels().equals(labels))
                .findAny()
                .orElseThrow();
        return sample instanceof CounterDataPointSnapshot counter
                ? counter.getValue()
                : ((GaugeDataPointSnapshot) sample).getValue();
    }
}
