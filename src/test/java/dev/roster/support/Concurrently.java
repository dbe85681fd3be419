package dev.roster.support;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** Runs calls at the same time. */
public final class Concurrently {
    private Concurrently() {}

    /** Makes this many calls, starting all at the same moment, and returns their results. Each may take 60 seconds. */
    public static <T> List<T> run(int count, IntFunction<T> call) throws Exception {
        return run(count, Duration.ofSeconds(60), call);
    }

    /** Does the same for calls that may take this long. */
    public static <T> List<T> run(int count, Duration patience, IntFunction<T> call) throws Exception {
        CyclicBarrier start = new CyclicBarrier(count);
        ExecutorService executor = Executors.newFixedThreadPool(count);
        try {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int index = i;
                Callable<T> task = () -> {
                    start.await(30, TimeUnit.SECONDS);
                    return call.apply(index);
                };
                futures.add(executor.submit(task));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get(patience.toMillis(), TimeUnit.MILLISECONDS));
            }
            return results;
        } finally {
            executor.shutdownNow();
        }
    }
}
