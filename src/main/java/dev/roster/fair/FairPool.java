package dev.roster.fair;

import dev.roster.refusal.RefusedException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs work on a few threads. Waiting work occupies no thread; it waits in a {@link FairQueue} for a bounded time, so a
 * flood of one client delays that client. Thread-safe.
 */
public final class FairPool implements AutoCloseable {
    /** Bounds the memory of the requests that wait. */
    private static final int MAX_WAITING = 1_024;

    /** A new duration has a weight of 1 / AVERAGE_LENGTH in the moving average. */
    private static final int AVERAGE_LENGTH = 8;

    private static final long KEEP_ALIVE_SECONDS = 10;

    private final int threads;
    private final Duration maxWait;
    private final ThreadPoolExecutor workers;
    private final Executor results;
    private final Runnable shutdown;

    // Guarded by this. If anything waits, all threads are busy.
    private final FairQueue<Turn<?>> queue = new FairQueue<>();
    private long averageNanos;
    private int running;
    private boolean isClosed;

    /**
     * Makes a pool whose threads end when there is nothing to do.
     *
     * @param threads how much work runs at once
     * @param expected the approximate time of one piece of work, until some have run and their average is known
     * @param maxWait the longest time that work waits for a thread
     */
    public FairPool(String name, int threads, Duration expected, Duration maxWait) {
        this(executor(name, threads, Thread.NORM_PRIORITY), expected, maxWait);
        workers.setKeepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
        workers.allowCoreThreadTimeOut(true);
    }

    /** @param workers threads whose number is fixed */
    FairPool(ThreadPoolExecutor workers, Duration expected, Duration maxWait) {
        this(workers, expected, maxWait, Runnable::run, workers::shutdown);
    }

    private FairPool(
            ThreadPoolExecutor workers, Duration expected, Duration maxWait, Executor results, Runnable shutdown) {
        this.threads = workers.getMaximumPoolSize();
        this.averageNanos = expected.toNanos();
        this.maxWait = maxWait;
        this.workers = workers;
        this.results = results;
        this.shutdown = shutdown;
    }

    /**
     * Makes a pool whose threads have the lowest priority, for work that needs only the processor. If all processors
     * are busy, its threads are halted for any other thread. So they run nothing but the work, and take no lock: who
     * waited for it would wait for the processor as well. A thread of normal priority hands out work and results.
     */
    public static FairPool ofLowPriority(String name, int threads, Duration expected, Duration maxWait) {
        ThreadPoolExecutor workers = executor(name, threads, Thread.MIN_PRIORITY);
        ThreadPoolExecutor results = executor(name + "-results", 1, Thread.NORM_PRIORITY);
        workers.prestartAllCoreThreads();
        results.prestartAllCoreThreads(); // a thread inherits the priority of the one that starts it
        return new FairPool(workers, expected, maxWait, results, () -> {
            workers.shutdown();
            results.shutdown();
        });
    }

    @SuppressWarnings("ThreadPriorityCheck") // nothing relies on the priority
    private static ThreadPoolExecutor executor(String name, int threads, int priority) {
        // This queue has no lock.
        return new ThreadPoolExecutor(threads, threads, 0, TimeUnit.SECONDS, new LinkedTransferQueue<>(), task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            thread.setPriority(priority);
            return thread;
        });
    }

    /** Runs the work, as {@link #run(String, Runnable, Callable)} does, without a check. */
    public <T> CompletableFuture<T> run(String client, Callable<T> work) {
        return run(client, () -> {}, work);
    }

    /**
     * Runs the work on a thread of the pool. If the queue is too long, the client with the most work in it loses its
     * newest place to a client with less.
     *
     * @param client the client that asks for the work
     * @param check called when it is the work's turn, not on a thread of the pool; the work runs unless it throws
     * @return the result of the work; or what the work or the check threw; or {@link RefusedException} {@code
     *     UNAVAILABLE}: at once if the wait would be too long, later if the work lost its place or waited too long.
     *     Dependent stages may run on any thread, so they must not block.
     */
    public <T> CompletableFuture<T> run(String client, Runnable check, Callable<T> work) {
        return run(new Turn<>(client, check, work), false);
    }

    /**
     * Runs the next work of a request whose earlier work has run. It is served before new work, and never loses its
     * place. So there should not be more of it than of new work.
     *
     * @return like {@link #run(String, Runnable, Callable)}; but {@code UNAVAILABLE} only if the work waited too long
     */
    public <T> CompletableFuture<T> runNext(String client, Callable<T> work) {
        return run(new Turn<>(client, () -> {}, work), true);
    }

    private <T> CompletableFuture<T> run(Turn<T> turn, boolean isReturning) {
        Turn<?> loser;
        Turn<?> next;
        synchronized (this) {
            loser = add(turn, isReturning);
            next = next();
        }
        if (loser != null) {
            loser.refuse();
        }
        start(next);
        Future<?> unused = turn.begun
                .orTimeout(maxWait.toNanos(), TimeUnit.NANOSECONDS)
                .whenComplete((begun, late) -> expireIf(late != null, turn));
        return turn.result;
    }

    private synchronized @Nullable Turn<?> add(Turn<?> turn, boolean isReturning) {
        if (isClosed) {
            return turn;
        }
        if (isReturning) {
            queue.addReturning(turn);
            return null;
        }
        return queue.offer(turn.client, turn, capacity());
    }

    // How much new work may wait: as much as is expected to begin in time. One may always wait: otherwise, after slow
    // work, no new duration could lower the average.
    private int capacity() {
        return (int) Math.max(1, Math.min(MAX_WAITING, threads * maxWait.toNanos() / averageNanos));
    }

    /** The work to start now, if a thread is free. */
    private synchronized @Nullable Turn<?> next() {
        Turn<?> turn = running < threads ? queue.poll() : null;
        if (turn != null) {
            running++;
        }
        return turn;
    }

    private synchronized @Nullable Turn<?> nextAfter(long nanos) {
        averageNanos = Math.max(1, averageNanos + (nanos - averageNanos) / AVERAGE_LENGTH);
        return nextInstead();
    }

    private synchronized @Nullable Turn<?> nextInstead() {
        running--;
        Turn<?> next = next();
        if (isClosed && running == 0) {
            shutdown.run();
        }
        return next;
    }

    private void start(@Nullable Turn<?> first) {
        Turn<?> turn = first;
        while (turn != null && !begin(turn)) {
            turn = nextInstead();
        }
    }

    /** Returns whether the work runs. */
    @SuppressWarnings("IllegalCatch")
    private boolean begin(Turn<?> turn) {
        try {
            turn.begin();
            workers.execute(() -> run(turn));
            return true;
        } catch (Throwable e) { // an Error too, such as that of a thread that cannot start: its place must not be lost
            turn.result.completeExceptionally(e);
            return false;
        }
    }

    private void run(Turn<?> turn) {
        long start = System.nanoTime();
        Runnable result = turn.call();
        long took = System.nanoTime() - start;
        results.execute(() -> {
            start(nextAfter(took)); // first, so that the thread has work
            result.run();
        });
    }

    private void expireIf(boolean isLate, Turn<?> turn) {
        if (isLate && removeWaiting(turn)) {
            turn.refuse();
        }
    }

    private synchronized boolean removeWaiting(Turn<?> turn) {
        return queue.remove(turn.client, turn);
    }

    /** How much work waits for a thread. */
    public synchronized int waiting() {
        return queue.size();
    }

    /** How much work runs at once at most. */
    public int threads() {
        return threads;
    }

    /** How much work is running. */
    public synchronized int busy() {
        return running;
    }

    /** Refuses new work. Work that was accepted still runs. */
    @Override
    public synchronized void close() {
        isClosed = true;
        if (running == 0) {
            shutdown.run();
        }
    }

    /** Work that waits or runs. */
    private static final class Turn<T> {
        private final String client;
        private final Runnable check;
        private final Callable<T> work;
        private final CompletableFuture<T> result = new CompletableFuture<>();
        private final CompletableFuture<Void> begun = new CompletableFuture<>();

        Turn(String client, Runnable check, Callable<T> work) {
            this.client = client;
            this.check = check;
            this.work = work;
        }

        void begin() {
            begun.complete(null);
            check.run();
        }

        /** Runs the work, and returns what announces its result. */
        @SuppressWarnings("IllegalCatch")
        Runnable call() {
            try {
                T value = work.call();
                return () -> result.complete(value);
            } catch (Throwable e) { // an Error too: otherwise nobody would hear of it
                return () -> result.completeExceptionally(e);
            }
        }

        void refuse() {
            begun.complete(null);
            result.completeExceptionally(FairQueue.refusal());
        }
    }
}
