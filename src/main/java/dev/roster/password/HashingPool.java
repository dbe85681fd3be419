package dev.roster.password;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Runs password hashing on a few threads with a bounded queue, so that a flood of logins delays nothing but logins.
 * Thread-safe.
 */
public final class HashingPool implements AutoCloseable {
    /** Each waiting caller blocks a server thread. */
    private static final int MAX_WAITING = 256;

    /** A new duration has a weight of 1 / AVERAGE_LENGTH in the moving average. */
    private static final int AVERAGE_LENGTH = 8;

    private final ThreadPoolExecutor executor;
    private final int threads;
    private final Duration maxWait;
    private final AtomicLong averageNanos;

    /**
     * @param threads how many hashes run at once
     * @param expected the approximate time of a hash, until some have run and their average is known
     * @param maxWait the longest time that a caller waits in the queue
     */
    public HashingPool(int threads, Duration expected, Duration maxWait) {
        this.threads = threads;
        this.averageNanos = new AtomicLong(expected.toNanos());
        this.executor = new ThreadPoolExecutor(
                threads, threads, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING), task -> {
                    Thread thread = new Thread(task, "hashing");
                    thread.setDaemon(true);
                    return thread;
                });
        this.maxWait = maxWait;
    }

    /**
     * Runs the work on a thread of the pool and waits for its result. If the queue is too long, the client with the
     * most work in it loses its newest place to a client with less, so that no client keeps all others out.
     *
     * @param client the client that asks for the work
     * @throws RefusedException {@code UNAVAILABLE}, without waiting, if the wait would be too long
     * @throws RuntimeException what the work throws
     */
    public <T> T run(String client, Callable<T> work) {
        if (isQueueTooLong() && !takePlaceOfBusiestClient(client)) {
            throw tooMany();
        }
        Map<String, String> logContext = MDC.getCopyOfContextMap();
        Turn<T> result = new Turn<>(client, () -> timed(logged(logContext, work)));
        try {
            executor.execute(result);
        } catch (RejectedExecutionException e) {
            throw tooMany();
        }
        try {
            return await(result);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw tooMany();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("Hashing failed", e.getCause());
        }
    }

    // Compares the expected wait with the longest allowed one: for the work in the queue, and one that is running. An
    // empty queue is never too long: otherwise, after slow hashes, no new duration could lower the average.
    private boolean isQueueTooLong() {
        int waiting = waiting();
        return waiting > 0 && (waiting + 1) * averageNanos.get() > threads * maxWait.toNanos();
    }

    private boolean takePlaceOfBusiestClient(String client) {
        List<Turn<?>> waiting = new ArrayList<>();
        executor.getQueue().forEach(task -> waiting.add((Turn<?>) task));
        Map<String, Long> counts = waiting.stream().collect(groupingBy(Turn::client, counting()));
        Collections.reverse(waiting);
        return waiting.stream()
                .max(Comparator.comparing(
                        turn -> counts.getOrDefault(turn.client(), 0L))) // the newest, since the list is reversed
                .filter(turn -> counts.getOrDefault(turn.client(), 0L) > counts.getOrDefault(client, 0L) + 1)
                .filter(executor::remove)
                .map(Turn::giveUp)
                .orElse(false);
    }

    /** Gives log lines of the work the log context of the caller. */
    private static <T> Callable<T> logged(@Nullable Map<String, String> context, Callable<T> work) {
        return () -> {
            if (context != null) {
                MDC.setContextMap(context);
            }
            try {
                return work.call();
            } finally {
                MDC.clear();
            }
        };
    }

    private <T> T timed(Callable<T> work) throws Exception {
        long start = System.nanoTime();
        try {
            return work.call();
        } finally {
            long took = System.nanoTime() - start;
            averageNanos.updateAndGet(average -> average + (took - average) / AVERAGE_LENGTH);
        }
    }

    // The time limit is for the queue. Work that is running is waited for: abandoning it would waste its time, and in a
    // flood no request would be answered.
    private <T> T await(Turn<T> result) throws InterruptedException, ExecutionException {
        try {
            return result.get(maxWait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            if (executor.remove(result)) {
                throw tooMany();
            }
            return result.get();
        }
    }

    /** How many callers wait for a thread. */
    public int waiting() {
        return executor.getQueue().size();
    }

    /** How many hashes run at once at most. */
    public int threads() {
        return threads;
    }

    /** The approximate number of hashes that are running. */
    public int busy() {
        return executor.getActiveCount();
    }

    /** Refuses new work. Work that was accepted still runs. */
    @Override
    public void close() {
        executor.shutdown();
    }

    static RefusedException tooMany() {
        return new RefusedException(Refusal.UNAVAILABLE, "Too many requests are waiting for a password check.");
    }

    /** Work that is queued or running. */
    private static final class Turn<T> extends FutureTask<T> {
        private final String client;

        Turn(String client, Callable<T> work) {
            super(work);
            this.client = client;
        }

        String client() {
            return client;
        }

        boolean giveUp() {
            setException(tooMany());
            return true;
        }
    }
}
