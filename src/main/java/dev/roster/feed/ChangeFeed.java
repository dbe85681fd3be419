package dev.roster.feed;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Histogram;
import com.codahale.metrics.MetricRegistry;
import dev.roster.feed.Freshness.Moment;
import dev.roster.revocation.Notification;
import dev.roster.revocation.RevokedTokens;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.ConnectionFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes this node hear what any node revokes, or somebody by hand: over one connection of its own it LISTENs, then loads
 * every row of {@code token_blocklist} that matters, then applies what is notified. A notification that nobody hears is
 * lost, so each new connection loads again. The set only grows by it: what is revoked stays so. Over the same connection it
 * hears whose row of {@code users} has changed.
 *
 * <p>A connection that is cut looks alive for ever to who listens on it. So four times a second a heartbeat asks the server for an
 * answer. PostgreSQL sends a listener what was committed before it answers a later statement: with the answer, the set is
 * known to be complete up to the moment at which the heartbeat was <em>sent</em>. {@link #isFresh} goes by that moment.
 *
 * <p>One that is there may yet hear nothing: behind a pooler of transactions, or on another database. So each begins with a
 * hello, sent to where the write side writes; who does not hear it has no feed.
 *
 * <p>Thread-safe.
 */
public final class ChangeFeed implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(ChangeFeed.class);
    private static final Duration HEARTBEAT = Duration.ofMillis(250);
    private static final Duration STALE_AFTER = Duration.ofSeconds(3);
    private static final Duration HELLO_LIMIT = Duration.ofSeconds(2);
    private static final String HELLO = "hello ";
    private static final long MIN_PAUSE_MILLIS = 100;
    private static final long MAX_PAUSE_MILLIS = 500;

    private final ConnectionFactory connections;
    private final ConnectionFactory hellos;
    private final RevokedTokens revoked;
    private final FeedListener users;
    private final Clock clock;
    private final Freshness freshness;
    private final Counter received;
    private final Histogram lagMillis;

    private final CountDownLatch first = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable FeedConnection connection;
    private volatile long lastStep;
    private volatile String failure = "the list is not loaded yet";

    /**
     * @param connections opens connections to the primary itself, with a socket timeout; they are not pooled
     * @param hellos opens connections to where the write side writes
     * @param revoked what it fills
     * @param users is told of changes of users, over the same connection
     * @param limit for how long the set is fresh after it was known to be complete
     */
    public ChangeFeed(
            ConnectionFactory connections,
            ConnectionFactory hellos,
            RevokedTokens revoked,
            FeedListener users,
            Clock clock,
            Duration limit,
            MetricRegistry metrics) {
        this.connections = connections;
        this.hellos = hellos;
        this.revoked = revoked;
        this.users = users;
        this.clock = clock;
        this.freshness = new Freshness(System::nanoTime, clock, limit);
        this.received = metrics.counter("roster.revocations.received");
        this.lagMillis = metrics.histogram("roster.revocations.lag");
        metrics.register("roster.revocations.sent", (Gauge<Long>) revoked::sent);
        metrics.register("roster.revoked-tokens", (Gauge<Long>) revoked::size);
        metrics.register("roster.feed.fresh", (Gauge<Boolean>) this::isFresh);
        metrics.register("roster.feed.age", (Gauge<@Nullable Long>) () -> {
            Duration age = age();
            return age == null ? null : age.toMillis();
        });
    }

    /**
     * Starts it, and waits until the set is complete.
     *
     * @return whether it is within this time; if not, {@link #failure} says why
     */
    public boolean start(Duration wait) throws InterruptedException {
        daemon("revocation-feed", this::run);
        daemon("revocation-feed-watch", this::watch);
        return first.await(wait.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Whether the set was complete just now, and the connection is not known to have failed since. Whatever had been
     * answered by that moment, the listener has been told of.
     */
    public boolean isFresh() {
        return freshness.isFresh();
    }

    /** Whether the set was last complete so long ago that something must be wrong: 3 s, or that the connection has failed. */
    public boolean isStale() {
        Duration age = age();
        return age == null || age.compareTo(STALE_AFTER) >= 0;
    }

    /** How long ago the set was last known to be complete; null while there is no connection that could tell. */
    public @Nullable Duration age() {
        return freshness.age();
    }

    /** Why there was no feed, last. Tells no setting's value. */
    public String failure() {
        return failure;
    }

    @Override
    public void close() {
        closed.countDown();
        abort();
    }

    private void run() {
        long pause = MIN_PAUSE_MILLIS;
        while (!isClosed(0)) {
            try (FeedConnection opened = connect()) {
                follow(opened);
            } catch (Throwable e) { // whatever it is, the next try must come
                pause = lose(e) ? MIN_PAUSE_MILLIS : Math.min(2 * pause, MAX_PAUSE_MILLIS);
            } finally {
                connection = null;
            }
            isClosed(ThreadLocalRandom.current().nextLong(pause / 2, pause + 1)); // not all nodes at once
        }
    }

    /** @return whether there was a feed before */
    private boolean lose(Throwable reason) {
        boolean wasThere = freshness.age() != null;
        freshness.lose();
        failure = describe(reason);
        if (wasThere && !isClosed(0)) {
            LOGGER.warn(
                    "SECURITY feed_lost: revocations are not heard, and requests ask the database until they are: {}",
                    failure);
        }
        return wasThere;
    }

    // Not in the driver's words, which tell the values of the settings.
    private static String describe(Throwable reason) {
        for (Throwable cause = reason; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                String state = String.valueOf(sql.getSQLState());
                return "the database " + (state.startsWith("08") ? "does not answer" : "refuses it") + " (SQLSTATE "
                        + state + ")";
            }
        }
        return reason instanceof FeedException
                ? String.valueOf(reason.getMessage())
                : reason.getClass().getSimpleName();
    }

    private FeedConnection connect() throws SQLException {
        lastStep = System.nanoTime();
        FeedConnection opened = new FeedConnection(connections, users);
        connection = opened;
        return opened;
    }

    private void follow(FeedConnection feed) throws SQLException, FeedException {
        load(feed);
        awaitHello(feed);
        boolean isNew = true;
        while (!isClosed(0)) {
            Moment asked = freshness.now();
            Instant serverTime = feed.beat();
            Duration behindServer = Duration.between(clock.instant(), serverTime);
            apply(feed, feed.heard(), behindServer);
            freshness.prove(asked);
            if (isNew) {
                LOGGER.info("SECURITY feed_fresh: revocations are heard, {} ids are revoked", revoked.size());
                first.countDown();
                isNew = false;
            }
            long next = asked.nanos() + HEARTBEAT.toNanos();
            for (int millis; (millis = millisUntil(next)) > 0; ) {
                apply(feed, feed.hear(millis), behindServer);
            }
        }
    }

    private void load(FeedConnection feed) throws SQLException {
        feed.load((id, expiresAt) -> {
            lastStep = System.nanoTime();
            revoked.add(id, expiresAt);
        });
    }

    private void awaitHello(FeedConnection feed) throws SQLException, FeedException {
        String hello = HELLO + UUID.randomUUID();
        say(hello);
        long deadline = System.nanoTime() + HELLO_LIMIT.toNanos();
        for (int millis; (millis = millisUntil(deadline)) > 0; ) {
            List<String> payloads = feed.hear(millis);
            apply(feed, payloads, Duration.ZERO);
            if (payloads.contains(hello)) {
                return;
            }
        }
        throw new FeedException(
                "it does not hear what this service's own database is told: it has to be that same database,"
                        + " with no pooler of transactions before it");
    }

    private void say(String payload) throws SQLException {
        try (Connection connection = hellos.openConnection();
                PreparedStatement statement = connection.prepareStatement("SELECT pg_notify('token_blocklist', ?)")) {
            statement.setString(1, payload);
            statement.execute();
        }
    }

    private void apply(FeedConnection feed, List<String> payloads, Duration behindServer) throws SQLException {
        lastStep = System.nanoTime();
        boolean isPuzzled = false;
        for (String payload : payloads) {
            Notification notification = Notification.parse(payload).orElse(null);
            if (notification != null) {
                revoked.add(notification.id(), notification.expiresAt());
                Duration lag =
                        Duration.between(notification.sentAt(), clock.instant().plus(behindServer));
                lagMillis.update(Math.max(0, lag.toMillis()));
                received.inc();
            } else if (!payload.startsWith(HELLO)) {
                isPuzzled = true; // somebody's own, or a row for which there are no numbers
            }
        }
        if (isPuzzled) {
            load(feed);
        }
    }

    /** Ends a wait that nothing else bounds: see {@link FeedConnection#abort}. */
    private void watch() {
        while (!isClosed(HEARTBEAT.toMillis())) {
            if (System.nanoTime() - lastStep > STALE_AFTER.toNanos()) {
                abort();
            }
        }
    }

    private void abort() {
        FeedConnection current = connection;
        if (current != null) {
            try {
                current.abort();
            } catch (SQLException e) {
                LOGGER.warn("The revocation feed's connection cannot be closed", e);
            }
        }
    }

    private static int millisUntil(long nanos) {
        return (int) TimeUnit.NANOSECONDS.toMillis(nanos - System.nanoTime());
    }

    /** Whether it is closed by the end of this time. */
    private boolean isClosed(long millis) {
        try {
            return closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true; // nobody interrupts these threads but to end them
        }
    }

    private static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
