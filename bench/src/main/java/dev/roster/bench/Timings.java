package dev.roster.bench;

import java.util.ArrayList;
import java.util.List;

/** The durations of a repeated action. Thread-safe. */
final class Timings {
    private final List<Long> nanos = new ArrayList<>();

    /** Merges these timings. */
    static Timings of(List<Timings> parts) {
        Timings all = new Timings();
        parts.forEach(part -> all.nanos.addAll(part.nanos));
        return all;
    }

    synchronized int count() {
        return nanos.size();
    }

    /** The mean in milliseconds. */
    double mean() {
        return nanos.stream().mapToLong(Long::longValue).average().orElseThrow() / 1e6;
    }

    void time(Runnable action) {
        long start = System.nanoTime();
        action.run();
        add(System.nanoTime() - start);
    }

    synchronized void add(long duration) {
        nanos.add(duration);
    }

    synchronized void clear() {
        nanos.clear();
    }

    double median() {
        return percentile(50);
    }

    /** A percentile in milliseconds; the 100th is the maximum. */
    synchronized double percentile(int percent) {
        List<Long> sorted = nanos.stream().sorted().toList();
        int index = (int) Math.ceil(percent / 100.0 * sorted.size()) - 1;
        return sorted.get(Math.max(0, index)) / 1e6;
    }
}
