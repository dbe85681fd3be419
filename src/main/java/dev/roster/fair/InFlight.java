package dev.roster.fair;

import dev.roster.refusal.RefusedException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Runs concurrent calls with the same key only once, and gives all of them the result: fifty simultaneous logins of one
 * person cost one hash. Calls that wait for the result of another one occupy no thread. No result is kept. Thread-safe.
 *
 * @param <K> the key; it must include the client, because a call fails with the one that it waits for
 * @param <V> the result
 */
public final class InFlight<K, V> {
    /** Bounds the memory of the requests that wait. */
    private static final int MAX_WAITING = 1_024;

    private final ConcurrentMap<K, CompletableFuture<V>> byKey = new ConcurrentHashMap<>();
    private final FairQueue<CompletableFuture<V>> waiting = new FairQueue<>(); // guarded by itself

    /**
     * Starts the work on the caller's thread, unless work with the same key is under way; then the result is that
     * work's result or exception.
     *
     * @param client the client that calls
     * @return the result; or {@link RefusedException} {@code UNAVAILABLE} if too many calls wait for the results of
     *     others, and no other client has more of them
     */
    public CompletableFuture<V> run(String client, K key, Callable<CompletableFuture<V>> work) {
        CompletableFuture<V> own = new CompletableFuture<>();
        CompletableFuture<V> first = byKey.putIfAbsent(key, own);
        if (first != null) {
            return awaitResult(client, first);
        }
        Future<?> unused = start(work).whenComplete((value, failure) -> {
            byKey.remove(key); // before anybody hears the result, so that later calls run anew
            complete(own, value, failure);
        });
        return own;
    }

    @SuppressWarnings("IllegalCatch")
    private static <V> CompletableFuture<V> start(Callable<CompletableFuture<V>> work) {
        try {
            return work.call();
        } catch (Throwable e) { // an Error too: otherwise the key would be taken for ever
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<V> awaitResult(String client, CompletableFuture<V> first) {
        CompletableFuture<V> call = new CompletableFuture<>();
        CompletableFuture<V> loser;
        synchronized (waiting) {
            loser = waiting.offer(client, call, MAX_WAITING);
        }
        if (loser != null) {
            loser.completeExceptionally(FairQueue.refusal());
        }
        if (loser == call) {
            return call;
        }
        Future<?> unused = first.whenComplete((value, failure) -> {
            synchronized (waiting) {
                waiting.remove(client, call);
            }
            complete(call, value, failure);
        });
        return call;
    }

    private static <V> void complete(CompletableFuture<V> call, V value, @Nullable Throwable failure) {
        if (failure == null) {
            call.complete(value);
        } else {
            call.completeExceptionally(failure);
        }
    }

    /** How many calls wait for the results of others. */
    public int waiting() {
        synchronized (waiting) {
            return waiting.size();
        }
    }
}
