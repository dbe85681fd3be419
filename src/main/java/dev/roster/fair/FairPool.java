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
        this.threads = threads;
        this.averageNanos = expected.toNanos();
        this.maxWait = maxWait;
        this.workers = executor(name, threads, Thread.NORM_PRIORITY);
        workers.setKeepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
        workers.allowCoreThreadTimeOut(true);
        this.results = Runnable::run;
        this.shutdown = workers::shutdown;
    }

    private FairPool(String name, int threads, Duration expected, Duration maxWait, ThreadPoolExecutor results) {
        this.threads = threads;
        this.averageNanos = expected.toNanos();
        this.maxWait = maxWait;
        this.workers = executor(name, threads, Thread.MIN_PRIORITY);
        this.results = results;
        this.shutdown = () -> {
            workers.shutdown();
            results.shutdown();
        };
        workers.prestartAllCoreThreads();
        results.prestartAllCoreThreads(); // a thread inherits the priority of the one that starts it
    }

    /**
     * Makes a pool whose threads have the lowest priority, for work that needs only the processor. If all processors
     * are busy, its threads are halted for any other thread. So they run nothing but the work, and take no lock: who
     * waited for it would wait for the processor as well. A thread of normal priority hands out work and results.
     */
    public static FairPool ofLowPriority(String name, int threads, Duration expected, Duration maxWait) {
        return new FairPool(name, threads, expected, maxWait, executor(name + "-results", 1, Thread.NORM_PRIORITY));
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
        Turn<T> turn = new Turn<>(client, check, work);
        Turn<?> loser;
        Turn<?> next;
        synchronized (this) {
            loser = isClosed ? turn : queue.offer(client, turn, capacity());
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

    // How much may wait: as much as is expected to begin in time. One may always wait: otherwise, after slow work, no
    // new duration could lower the average.
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
        while (turn != null && !turn.begin()) {
            turn = nextInstead();
        }
        if (turn != null) {
            Turn<?> begun = turn;
            workers.execute(() -> run(begun));
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

        /** Returns whether to run the work. */
        boolean begin() {
            begun.complete(null);
            try {
                check.run();
                return true;
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
                return false;
            }
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
