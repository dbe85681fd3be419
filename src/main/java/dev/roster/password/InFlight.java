package dev.roster.password;

import dev.roster.refusal.RefusedException;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;

/**
 * Does for all who ask for the same at the same time what it has to do once: a person's fifty browser tabs that log in
 * together cost one hash. Nothing is kept once it is done. Thread-safe.
 *
 * @param <K> what is the same
 * @param <V> what they all get
 */
public final class InFlight<K, V> {
    private final ConcurrentMap<K, FutureTask<V>> byKey = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Integer> askingByClient = new ConcurrentHashMap<>();
    private final Semaphore places;
    private final int maxOfOne;

    /**
     * @param maxAsking how many may ask at once, for anything: each holds a thread of the server
     * @param maxOfOne how many of them may be of one client
     */
    public InFlight(int maxAsking, int maxOfOne) {
        this.places = new Semaphore(maxAsking);
        this.maxOfOne = maxOfOne;
    }

    /**
     * Does the work on the thread of the first who asks; the others wait for as long as it takes, and get what it gives or
     * throws.
     *
     * @param client who asks
     * @throws RefusedException {@code UNAVAILABLE} where too many ask for anything
     */
    public V run(String client, K key, Callable<V> work) {
        if (!places.tryAcquire()) {
            throw HashingPool.tooMany();
        }
        try {
            if (askingByClient.merge(client, 1, Integer::sum) > maxOfOne) {
                throw HashingPool.tooMany();
            }
            return share(key, work);
        } finally {
            askingByClient.computeIfPresent(client, (same, asking) -> asking == 1 ? null : asking - 1);
            places.release();
        }
    }

    private V share(K key, Callable<V> work) {
        FutureTask<V> own = new FutureTask<>(work);
        FutureTask<V> first = byKey.putIfAbsent(key, own);
        if (first == null) {
            try {
                own.run();
            } finally {
                byKey.remove(key);
            }
        }
        return result(first == null ? own : first);
    }

    private static <V> V result(FutureTask<V> task) {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw HashingPool.tooMany();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("Hashing failed", e.getCause());
        }
    }
}
