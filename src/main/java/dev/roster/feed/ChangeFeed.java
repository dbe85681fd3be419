package dev.roster.feed;

import dev.roster.database.FeedProof;
import dev.roster.database.UnprovenException;
import dev.roster.database.session.ConnectionRefusal;
import dev.roster.feed.Freshness.Moment;
import dev.roster.host.DatabaseClock;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.ConnectionFactory;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes changes in the database to its listeners, whether a node or somebody by hand made them. On a connection of its
 * own it runs LISTEN, lets every listener load, and then passes notifications on. PostgreSQL drops notifications
 * without a listener, so each new connection loads again.
 *
 * <p>A listener on a cut connection sees no error. So the feed sends a heartbeat query four times a second. PostgreSQL
 * delivers earlier commits' notifications before it answers, so an answer proves that memory is complete up to the
 * moment at which the heartbeat was <em>sent</em>. {@link #isFresh} compares that moment with the present.
 *
 * <p>A superseded primary that still runs answers, too. With {@link FeedProof#COMMIT}, the heartbeat therefore commits:
 * an answer proves that the server was the primary after the heartbeat was sent. When another server becomes the
 * primary, memory is not fresh from that moment, and the feed connects anew.
 *
 * <p>A connection through a transaction-mode pooler, or to another database, answers queries but receives no
 * notifications. So each connection begins with a hello message, which the feed sends through the database of the write
 * side. If the hello does not arrive, the connection fails.
 *
 * <p>Thread-safe.
 */
public final class ChangeFeed implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(ChangeFeed.class);
    private static final Duration HEARTBEAT = Duration.ofMillis(250);
    private static final Duration STALE_AFTER = Duration.ofSeconds(3);
    private static final Duration HELLO_LIMIT = Duration.ofSeconds(2);
    private static final String HELLO_CHANNEL = "roster_feed";
    private static final String UNPROVEN = "no standby confirms what the primary commits (FEED_PROOF=commit)";
    private static final long MIN_PAUSE_MILLIS = 100;
    private static final long MAX_PAUSE_MILLIS = 500;

    private final ConnectionFactory connections;
    private final ConnectionFactory hellos;
    private final FeedProof proof;
    private final DatabaseClock clock;
    private final Freshness freshness;
    private final LongSupplier epoch;
    private final List<EpochAction> epochActions = new ArrayList<>();
    private final Map<String, FeedListener> listeners = new LinkedHashMap<>();
    private final CompletableFuture<Boolean> firstLoad = new CompletableFuture<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable FeedConnection connection;
    private volatile long lastStep;
    private volatile long provenEpoch;

    /** The epoch of the last connection whose actions are done. The first has none. */
    private long mendedEpoch = 1;

    private volatile String failure = "memory is not loaded yet";

    /**
     * @param connections opens unpooled connections to the primary itself, with a socket timeout
     * @param hellos opens connections to the database that the write side uses
     * @param proof how each heartbeat proves that its server is the primary
     * @param clock is corrected by each heartbeat
     * @param limit how long memory is fresh after the last proof
     * @param epoch the number of the present epoch of the primary
     */
    ChangeFeed(
            ConnectionFactory connections,
            ConnectionFactory hellos,
            FeedProof proof,
            DatabaseClock clock,
            Duration limit,
            LongSupplier epoch) {
        this.connections = connections;
        this.hellos = hellos;
        this.proof = proof;
        this.epoch = epoch;
        this.clock = clock;
        this.freshness = new Freshness(System::nanoTime, clock.machine(), limit);
    }

    /** Adds a listener. Only before {@link #start}. */
    public void listen(FeedListener listener) {
        if (listeners.put(listener.channel(), listener) != null) {
            throw new IllegalArgumentException("Two listeners hear " + listener.channel());
        }
    }

    /** Adds an action for each epoch after the first of this process. Only before {@link #start}. */
    public void atEpoch(EpochAction action) {
        epochActions.add(action);
    }

    /**
     * Starts the feed, and waits until every listener has loaded, or the database refuses for a reason that waiting
     * does not mend.
     *
     * @return whether they have loaded within this time; if not, {@link #failure} has the reason
     */
    boolean start(Duration wait) throws InterruptedException {
        daemon("change-feed", this::run);
        daemon("change-feed-watch", this::watch);
        try {
            return firstLoad.get(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Whether memory was proven complete within the limit and in the present epoch, and the connection has not failed
     * since. If so, the listeners know every change that was acknowledged before that proof.
     */
    public boolean isFresh() {
        return provenEpoch == epoch.getAsLong() && freshness.isFresh();
    }

    /** Connects again, because another server is the primary. */
    void reconnect() {
        abort();
    }

    /** Whether the last proof is at least 3 s old, or the connection has failed. */
    boolean isStale() {
        Duration age = age();
        return age == null || age.compareTo(STALE_AFTER) >= 0;
    }

    /** How long ago memory was last proven complete; null while there is no connection. */
    @Nullable
    Duration age() {
        return freshness.age();
    }

    /** The reason why the last connection failed, without values of settings. */
    String failure() {
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
            } catch (Throwable e) { // on any failure, try again
                pause = lose(e) ? MIN_PAUSE_MILLIS : Math.min(2 * pause, MAX_PAUSE_MILLIS);
                if (e instanceof FeedException refusal && !refusal.mayPass()) {
                    firstLoad.complete(false);
                }
            } finally {
                connection = null;
            }
            isClosed(ThreadLocalRandom.current().nextLong(pause / 2, pause + 1)); // not all nodes at once
        }
    }

    /** @return whether the feed was working before */
    private boolean lose(Throwable reason) {
        boolean worked = freshness.age() != null;
        freshness.lose();
        failure = describe(reason);
        if (worked && !isClosed(0)) {
            LOGGER.warn(
                    "SECURITY feed_lost: this node hears no revocations and asks the database for each request: {}",
                    failure);
        }
        return worked;
    }

    // The driver's messages contain the values of settings.
    private static String describe(Throwable reason) {
        for (Throwable cause = reason; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnprovenException) {
                return UNPROVEN;
            }
            if (cause instanceof SQLException sql) {
                String state = String.valueOf(sql.getSQLState());
                return "the database " + (state.startsWith("08") ? "does not answer" : "refuses the connection")
                        + " (SQLSTATE " + state + ")";
            }
        }
        return reason instanceof FeedException
                ? String.valueOf(reason.getMessage())
                : reason.getClass().getSimpleName();
    }

    private FeedConnection connect() throws FeedException {
        lastStep = System.nanoTime();
        List<String> channels = new ArrayList<>(listeners.keySet());
        channels.add(HELLO_CHANNEL);
        try {
            FeedConnection opened = new FeedConnection(connections, proof, epoch.getAsLong(), channels);
            lastStep = System.nanoTime(); // a login far away takes long
            connection = opened;
            return opened;
        } catch (SQLException e) {
            ConnectionRefusal refusal = ConnectionRefusal.of(e);
            throw new FeedException(refusal.reason(), refusal.mayPass());
        }
    }

    private void follow(FeedConnection feed) throws SQLException, FeedException {
        if (proof == FeedProof.COMMIT) {
            Instant unused = clock.measure(feed::serverTime); // load nothing from a server that cannot commit
            lastStep = System.nanoTime();
        }
        awaitHello(feed); // first: it shows that this is the database of the write side, which mend() changes
        mend(feed);
        for (FeedListener listener : listeners.values()) {
            load(feed, listener);
        }
        boolean isProven = false;
        while (!isClosed(0)) {
            Moment asked = freshness.now();
            boolean wasProven = isProven;
            isProven = prove(feed, asked);
            if (isProven && !wasProven) {
                LOGGER.info("SECURITY feed_fresh: this node hears revocations and changes");
                firstLoad.complete(true);
            } else if (!isProven && wasProven) {
                LOGGER.warn("SECURITY feed_unproven: this node asks the database for each request: {}", UNPROVEN);
            }
            long next = asked.nanos() + HEARTBEAT.toNanos();
            for (int millis; (millis = millisUntil(next)) > 0; ) {
                dispatch(feed, feed.awaitNotifications(millis));
            }
        }
    }

    /** @return false if the server answers and does not prove that it is the primary */
    private boolean prove(FeedConnection feed, Moment asked) throws SQLException, FeedException {
        try {
            Instant answer = clock.measure(feed::serverTime);
            // By the database's clock, the heartbeat was sent at this moment or later.
            Instant completeUntil = answer.minusNanos(System.nanoTime() - asked.nanos());
            dispatch(feed, feed.notifications());
            requireSameEpoch(feed);
            provenEpoch = feed.epoch();
            freshness.prove(asked);
            listeners.values().forEach(listener -> listener.proven(completeUntil));
            return true;
        } catch (UnprovenException e) {
            dispatch(feed, feed.notifications());
            requireSameEpoch(feed);
            return false;
        }
    }

    private void requireSameEpoch(FeedConnection feed) throws FeedException {
        if (feed.epoch() != epoch.getAsLong()) {
            throw new FeedException("another server is the primary", true);
        }
    }

    private void mend(FeedConnection feed) throws SQLException, FeedException {
        if (feed.epoch() > mendedEpoch) {
            for (EpochAction action : epochActions) {
                action.run(feed.connection(), () -> lastStep = System.nanoTime());
            }
            requireSameEpoch(feed);
            mendedEpoch = feed.epoch();
        }
    }

    private void load(FeedConnection feed, FeedListener listener) throws SQLException {
        listener.load(feed.connection(), () -> lastStep = System.nanoTime());
    }

    private void awaitHello(FeedConnection feed) throws SQLException, FeedException {
        String hello = UUID.randomUUID().toString();
        sendHello(hello);
        long deadline = System.nanoTime() + HELLO_LIMIT.toNanos();
        for (int millis; (millis = millisUntil(deadline)) > 0; ) {
            PGNotification[] notifications = feed.awaitNotifications(millis);
            dispatch(feed, notifications);
            for (PGNotification notification : notifications) {
                if (notification.getParameter().equals(hello)) {
                    return;
                }
            }
        }
        throw new FeedException(
                "it receives no notifications; it must reach the same database directly, not through a"
                        + " transaction-mode pooler",
                true);
    }

    private void sendHello(String hello) throws SQLException {
        try (Connection connection = hellos.openConnection();
                PreparedStatement statement = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
            statement.setString(1, HELLO_CHANNEL);
            statement.setString(2, hello);
            statement.execute();
        }
    }

    private void dispatch(FeedConnection feed, PGNotification[] notifications) throws SQLException {
        lastStep = System.nanoTime();
        Map<String, FeedListener> toReload = new LinkedHashMap<>();
        for (PGNotification notification : notifications) {
            FeedListener listener = listeners.get(notification.getName());
            if (listener != null && !listener.hear(notification.getParameter(), clock.instant())) {
                toReload.put(listener.channel(), listener);
            }
        }
        for (FeedListener listener : toReload.values()) {
            load(feed, listener);
        }
    }

    /** Ends waits that have no other bound: see {@link FeedConnection#abort}. */
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
                LOGGER.warn("The feed's connection could not be closed", e);
            }
        }
    }

    private static int millisUntil(long nanos) {
        return (int) TimeUnit.NANOSECONDS.toMillis(nanos - System.nanoTime());
    }

    /** Whether the feed is closed by the end of this time. */
    private boolean isClosed(long millis) {
        try {
            return closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true; // these threads are interrupted only to end them
        }
    }

    private static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
