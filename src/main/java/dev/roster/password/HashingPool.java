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
 * Where work that hashes runs: a few threads and a bounded queue of their own, so that a flood of logins can wait here
 * and nowhere else. Thread-safe.
 */
public final class HashingPool implements AutoCloseable {
    /** Each who waits holds a thread of the server. */
    private static final int MAX_WAITING = 256;

    /** Of how many works the average is taken, about. */
    private static final int AVERAGED = 8;

    private final ThreadPoolExecutor executor;
    private final int threads;
    private final Duration maxWait;
    private final AtomicLong averageNanos;

    /**
     * @param threads how many hashes run at once
     * @param expected how long one takes, about; once some have run, it is theirs that counts
     * @param maxWait how long a caller waits in the queue
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
     * Runs the work on a thread of the pool and waits for its result. Where the wait would be too long, whoever has most
     * work waiting gives up a place to who has less, so that no one client keeps all others out.
     *
     * @param client for whom it is
     * @throws RefusedException {@code UNAVAILABLE}, and at once, where the wait would be too long; else what the work
     *     throws
     */
    public <T> T run(String client, Callable<T> work) {
        if (isFull() && !isGivenAPlace(client)) {
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

    // Those who wait, and one that runs. Who is the first to wait is let in, else no work would tell that it got
    // faster.
    private boolean isFull() {
        int waiting = waiting();
        return waiting > 0 && (waiting + 1) * averageNanos.get() > threads * maxWait.toNanos();
    }

    private boolean isGivenAPlace(String client) {
        List<Turn<?>> waiting = new ArrayList<>();
        executor.getQueue().forEach(task -> waiting.add((Turn<?>) task));
        Map<String, Long> counts = waiting.stream().collect(groupingBy(Turn::client, counting()));
        Collections.reverse(waiting);
        return waiting.stream()
                .max(Comparator.comparing(
                        turn -> counts.getOrDefault(turn.client(), 0L))) // of one client, the last to come
                .filter(turn -> counts.getOrDefault(turn.client(), 0L) > counts.getOrDefault(client, 0L) + 1)
                .filter(executor::remove)
                .map(Turn::giveUp)
                .orElse(false);
    }

    /** What is logged there is of the request, as on the caller's thread. */
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
            averageNanos.updateAndGet(average -> average + (took - average) / AVERAGED);
        }
    }

    // The bound is on the queue. What runs already is waited for: given up, it would have cost its time for nothing,
    // and
    // in a flood nobody at all would be served.
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

    /** How many hashes run at once, at most. */
    public int threads() {
        return threads;
    }

    /** How many run now, about. */
    public int busy() {
        return executor.getActiveCount();
    }

    /** Refuses new work; what runs, runs to its end. */
    @Override
    public void close() {
        executor.shutdown();
    }

    static RefusedException tooMany() {
        return new RefusedException(Refusal.UNAVAILABLE, "Too many requests wait for a password check.");
    }

    /** Work that waits, or runs. */
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
