package dev.roster.query.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Concurrently;
import dev.roster.support.Poll;
import dev.roster.user.JsonObject;
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
    void foundUserIsCached() {
        assertThat(cache.find(ID, () -> user(ID, 1))).isEqualTo(user(ID, 1));

        assertThat(cache.find(ID, UserCacheTest::failToLoad)).isEqualTo(user(ID, 1));
        assertThat(lookups("hits")).isEqualTo(1);
        assertThat(lookups("misses")).isEqualTo(1);
    }

    @Test
    void missingUserIsNotCached() {
        assertThat(cache.find(ID, Optional::empty)).isEmpty();

        assertThat(cache.find(ID, () -> user(ID, 1))).isEqualTo(user(ID, 1));
    }

    @Test
    void changedUserIsEvicted() {
        UUID bystander = new UUID(ID.getMostSignificantBits(), ID.getLeastSignificantBits() ^ 1);
        cache.find(ID, () -> user(ID, 1));
        cache.find(bystander, () -> user(bystander, 1));

        cache.changed(ID);

        assertThat(cache.find(ID, () -> user(ID, 2))).isEqualTo(user(ID, 2));
        assertThat(cache.find(bystander, UserCacheTest::failToLoad)).isPresent();
    }

    @Test
    void missedNotificationsEvictAllUsers() {
        cache.find(ID, () -> user(ID, 1));

        cache.missed();

        assertThat(cache.find(ID, () -> user(ID, 2))).isEqualTo(user(ID, 2));
    }

    @Test
    void userWhoChangesDuringTheLoadIsNotCached() {
        assertThat(cache.find(ID, () -> {
                    cache.changed(ID);
                    return user(ID, 1);
                }))
                .isEqualTo(user(ID, 1));
        assertThat(size()).as("cached users").isZero();
        assertThat(cache.find(ID, () -> {
                    cache.missed();
                    return user(ID, 2);
                }))
                .isEqualTo(user(ID, 2));
        assertThat(size()).isZero();

        assertThat(cache.find(ID, () -> user(ID, 3))).isEqualTo(user(ID, 3));
    }

    /** A load that started before a change ends after one that started afterwards. */
    @Test
    void loadThatStartedBeforeAChangeIsNotCached() {
        cache.find(ID, () -> {
            cache.changed(ID);
            cache.find(ID, () -> user(ID, 2));
            return user(ID, 1);
        });

        assertThat(cache.find(ID, () -> user(ID, 2))).isEqualTo(user(ID, 2));
    }

    @Test
    void cacheStaysWithinItsMaximumSize() {
        Stream.generate(UUID::randomUUID).limit(1_000).forEach(id -> cache.find(id, () -> user(id, 1)));

        Poll.until(
                "users are evicted",
                Duration.ofSeconds(30),
                () -> size() <= 100 && sample("roster_user_cache_evictions", Labels.EMPTY) >= 900);
    }

    @Test
    void largeProfileTakesThePlaceOfSeveralUsers() {
        // 10 × 512 bytes, since a character past U+00FF takes two
        JsonObject profile = JsonObject.of("{\"a\": \"" + "ж".repeat(2551) + "\"}");
        Stream.generate(UUID::randomUUID)
                .limit(1_000)
                .forEach(id -> cache.find(id, () -> user(id, 1).map(stored -> stored.with(profile))));

        Poll.until("users are evicted", Duration.ofSeconds(30), () -> size() <= 100.0 / 11);
        assertThat(size()).isPositive();
    }

    /** Eight threads change four users and announce it, while eight others read them. */
    @Test
    void readsAreNeverOlderThanTheLastAnnouncedChange() throws Exception {
        List<Row> table = Stream.generate(Row::new).limit(4).toList();

        List<List<String>> older = Concurrently.run(16, thread -> {
            Random random = new Random(thread);
            List<String> seen = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                Row row = table.get(random.nextInt(table.size()));
                if (thread >= 8) {
                    long announced = row.announced.get();
                    long shown = cache.find(row.id, row::read).orElseThrow().version();
                    if (shown < announced) {
                        seen.add(shown + " after " + announced);
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

    /** A row of the database that takes a while to read. */
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

    private static Optional<StoredUser> failToLoad() {
        throw new AssertionError("The user should be cached");
    }

    private static Optional<StoredUser> user(UUID id, long version) {
        return Optional.of(new StoredUser(
                new User(
                        id,
                        "A Person",
                        "person@example.com",
                        false,
                        "user",
                        JsonObject.EMPTY,
                        Instant.EPOCH,
                        Instant.EPOCH),
                version,
                null));
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
