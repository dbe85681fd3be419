package dev.roster.delivery;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.roster.database.DatabaseFailures;
import io.prometheus.metrics.core.metrics.Counter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers the rows of an outbox with a few threads. Each thread claims one row, delivers it outside of any
 * transaction, and writes the outcome. So while a receiver is slow, no lock and no connection is held. Thread-safe.
 */
public final class Dispatcher implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Dispatcher.class);
    private static final int THREADS = 4;
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);
    private static final Duration LOG_INTERVAL = Duration.ofMinutes(1);

    private final String name;
    private final Outbox outbox;
    private final Delivery delivery;
    private final Counter outcomes;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    /** When each class of failures was last logged. */
    private final Map<String, Long> logged = new ConcurrentHashMap<>();

    /**
     * @param name names the threads, and the outbox in the log
     * @param outcomes counts attempts by kind and outcome
     */
    public Dispatcher(String name, Outbox outbox, Delivery delivery, Counter outcomes) {
        this.name = name;
        this.outbox = outbox;
        this.delivery = delivery;
        this.outcomes = outcomes;
    }

    /** Begins to deliver. */
    public void start() {
        for (int i = 1; i <= THREADS; i++) {
            Thread thread = new Thread(this::work, name + "-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    /**
     * Claims no further row, and waits a moment for the deliveries under way. If one does not end in time, another node
     * delivers its row again once the lease has ended.
     */
    @Override
    public void close() {
        closed.countDown();
        long deadline = System.nanoTime() + CLOSE_WAIT.toNanos();
        for (Thread thread : threads) {
            Uninterruptibles.joinUninterruptibly(thread, Duration.ofNanos(deadline - System.nanoTime()));
        }
    }

    private void work() {
        boolean isClosed = isClosedAfter(0);
        while (!isClosed) {
            isClosed = isClosedAfter(deliverNext() ? 0 : POLL.toMillis());
        }
    }

    /** @return whether another row may be due */
    private boolean deliverNext() {
        try {
            Optional<Claimed> claimed = outbox.claim();
            claimed.ifPresent(row -> mark(row, deliver(row)));
            return claimed.isPresent();
        } catch (Throwable e) { // on any failure, this thread must go on
            log(e.getClass().getName(), e);
            return false;
        }
    }

    private Outcome deliver(Claimed row) {
        Outcome outcome;
        try {
            outcome = delivery.deliver(row);
        } catch (RuntimeException | Error e) {
            outcome = Outcome.putOff(e.getClass().getName());
            log(e.getClass().getName(), e);
        }
        if (outcome.failure() != null) {
            log(outcome.failure(), null);
        }
        return outcome;
    }

    /**
     * Writes the outcome. Tries again while the database does not answer: otherwise the row would be delivered again.
     */
    private void mark(Claimed row, Outcome outcome) {
        Optional<String> state = Optional.empty();
        boolean isMarked = false;
        while (!isMarked) {
            try {
                state = outbox.mark(row, outcome);
                isMarked = true;
            } catch (RuntimeException e) {
                boolean mayPass = DatabaseFailures.isUnavailable(e) || DatabaseFailures.isBusy(e);
                if (!mayPass || isClosedAfter(POLL.toMillis())) {
                    throw e;
                }
            }
        }
        state.ifPresent(text -> outcomes.labelValues(row.kind(), text.equals("due") ? "put_off" : text)
                .inc());
    }

    /** Logs each class of failure at most once a minute, because many rows fail while a receiver is down. */
    private void log(String failure, @Nullable Throwable cause) {
        long now = System.nanoTime();
        long last = logged.computeIfAbsent(failure, unlogged -> now - LOG_INTERVAL.toNanos());
        if (now - last >= LOG_INTERVAL.toNanos() && logged.replace(failure, last, now)) {
            boolean isKnown = cause == null || DatabaseFailures.isUnavailable(cause);
            LOGGER.warn("The delivery of {} failed: {}", name, failure, isKnown ? null : cause);
        }
    }

    private boolean isClosedAfter(long millis) {
        try {
            return closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true; // these threads are interrupted only to end them
        }
    }
}
