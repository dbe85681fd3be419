package dev.roster.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/** Background threads that repeat a step until closed. */
public final class Loops implements AutoCloseable {
    private static final Duration LAST_STEP = Client.PATIENCE.multipliedBy(6);

    private final List<Thread> threads = new ArrayList<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    /** Repeats a step in a new thread. */
    public void repeat(Runnable step) {
        Thread thread = new Thread(() -> {
            while (!over) {
                step.run();
            }
        });
        thread.setUncaughtExceptionHandler((failed, failure) -> failures.add(failure));
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    /** Repeats a step in a new thread, with a pause after each. */
    public void repeat(Duration pause, Runnable step) {
        repeat(() -> {
            step.run();
            pause(pause);
        });
    }

    /** Waits for this long. */
    public static void pause(Duration duration) {
        pauseUntil(System.nanoTime() + duration.toNanos());
    }

    /** Waits until this time of {@link System#nanoTime}. */
    public static void pauseUntil(long time) {
        for (long left = time - System.nanoTime(); left > 0; left = time - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** Waits until every thread has finished its step. Throws the failure of a step if there was one. */
    @Override
    public void close() {
        over = true;
        for (Thread thread : threads) {
            try {
                thread.join(LAST_STEP.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (thread.isAlive()) {
                throw new IllegalStateException("It hangs: " + List.of(thread.getStackTrace()));
            }
        }
        if (!failures.isEmpty()) {
            throw new IllegalStateException(failures.peek());
        }
    }
}
