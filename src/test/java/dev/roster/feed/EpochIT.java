package dev.roster.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.database.FeedProof;
import dev.roster.host.Host;
import dev.roster.support.Poll;
import dev.roster.support.database.TestDatabase;
import io.dropwizard.core.setup.Environment;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the feed does when another server becomes the primary. Here it stays the same server. */
class EpochIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final TestDatabase DATABASE = TestDatabase.migrated();

    private final AtomicLong epoch = new AtomicLong(1);
    private final List<String> steps = new CopyOnWriteArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();
    private final CountDownLatch mended = new CountDownLatch(1);
    private final ChangeFeed feed = new ChangeFeed(
            EpochIT::open,
            EpochIT::open,
            FeedProof.READ,
            new Host(new Environment("feed"), Clock.systemUTC(), new SecureRandom()).clock(),
            Duration.ofSeconds(10),
            epoch::get);

    @BeforeEach
    void start() throws Exception {
        feed.listen(new Steps());
        feed.atEpoch(this::mend);
        assertThat(feed.start(PATIENCE)).isTrue();
        assertThat(steps).containsExactly("load");
    }

    @AfterEach
    void stop() {
        mended.countDown();
        feed.close();
    }

    @Test
    void memoryIsNotFreshUntilTheActionsAreDone() {
        assertThat(feed.isFresh()).isTrue();

        epoch.set(2);
        assertThat(feed.isFresh()).isFalse();
        feed.reconnect();
        awaitStep("mend");
        assertThat(feed.isFresh()).isFalse();
        assertThat(steps).containsExactly("load", "mend");

        mended.countDown();
        awaitFresh();
        assertThat(steps).containsExactly("load", "mend", "load");
    }

    @Test
    void actionThatFailsIsRepeatedOnAnotherConnection() {
        failures.set(2);
        mended.countDown();

        epoch.set(2);
        feed.reconnect();

        awaitFresh();
        assertThat(steps).containsExactly("load", "mend", "mend", "mend", "load");
    }

    /** The watch may notice the new primary before the feed's connection ends, or after. */
    @Test
    void feedConnectsAnewByItself() {
        mended.countDown();
        epoch.set(2);

        awaitFresh();
        assertThat(steps).containsExactly("load", "mend", "load");
    }

    @Test
    void actionsAreDoneOnceForEachEpoch() {
        mended.countDown();
        epoch.set(2);
        awaitFresh();
        feed.reconnect(); // as if the network had failed
        Poll.until("loaded again", PATIENCE, () -> steps.size() == 4 && feed.isFresh());

        epoch.set(3);
        awaitFresh();
        assertThat(steps).containsExactly("load", "mend", "load", "load", "mend", "load");
    }

    private void mend(Connection connection, Runnable progress) throws SQLException {
        steps.add("mend");
        if (failures.getAndDecrement() > 0) {
            throw new SQLException("as a test wants it", "08006");
        }
        while (mended.getCount() > 0) {
            progress.run();
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void awaitFresh() {
        Poll.until("fresh", PATIENCE, feed::isFresh);
    }

    private void awaitStep(String step) {
        Poll.until(step, PATIENCE, () -> steps.contains(step));
    }

    private static Connection open() throws SQLException {
        return DriverManager.getConnection(DATABASE.url(), DATABASE.user(), DATABASE.password());
    }

    private final class Steps implements FeedListener {
        @Override
        public String channel() {
            return "steps";
        }

        @Override
        public void load(Connection connection, Runnable progress) {
            steps.add("load");
        }

        @Override
        public boolean hear(String payload, Instant now) {
            return true;
        }
    }
}
