package dev.roster.password;

import dev.roster.refusal.RefusedException;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;

/**
 * Runs concurrent calls with the same key only once, and gives all of them the result: fifty simultaneous logins of one
 * person cost one hash. No result is kept. Thread-safe.
 *
 * @param <K> the key
 * @param <V> the result
 */
public final class InFlight<K, V> {
    private final ConcurrentMap<K, FutureTask<V>> byKey = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Integer> callsByClient = new ConcurrentHashMap<>();
    private final Semaphore places;
    private final int maxCallsOfOne;

    /**
     * @param maxCalls how many calls may run or wait at once; each blocks a server thread
     * @param maxCallsOfOne how many of them may come from one client
     */
    public InFlight(int maxCalls, int maxCallsOfOne) {
        this.places = new Semaphore(maxCalls);
        this.maxCallsOfOne = maxCallsOfOne;
    }

    /**
     * Runs the work on the first caller's thread. Callers with the same key wait for it, and get its result or
     * exception.
     *
     * @param client the client that calls
     * @throws RefusedException {@code UNAVAILABLE} if there are too many calls, of this client or of all
     */
    public V run(String client, K key, Callable<V> work) {
        if (!places.tryAcquire()) {
            throw HashingPool.tooMany();
        }
        try {
            if (callsByClient.merge(client, 1, Integer::sum) > maxCallsOfOne) {
                throw HashingPool.tooMany();
            }
            return share(key, work);
        } finally {
            callsByClient.computeIfPresent(client, (same, calls) -> calls == 1 ? null : calls - 1);
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
