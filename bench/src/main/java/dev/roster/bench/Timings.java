package dev.roster.bench;

import java.util.ArrayList;
import java.util.List;

/** How long something took, many times. Thread-safe. */
final class Timings {
    private final List<Long> nanos = new ArrayList<>();

    /** All of these together. */
    static Timings of(List<Timings> parts) {
        Timings all = new Timings();
        parts.forEach(part -> all.nanos.addAll(part.nanos));
        return all;
    }

    synchronized int count() {
        return nanos.size();
    }

    /** In milliseconds. */
    double mean() {
        return nanos.stream().mapToLong(Long::longValue).average().orElseThrow() / 1e6;
    }

    void time(Runnable action) {
        long start = System.nanoTime();
        action.run();
        add(System.nanoTime() - start);
    }

    synchronized void add(long took) {
        nanos.add(took);
    }

    synchronized void clear() {
        nanos.clear();
    }

    double median() {
        return percentile(50);
    }

    /** In milliseconds; the 100th is the longest. */
    synchronized double percentile(int percent) {
        List<Long> sorted = nanos.stream().sorted().toList();
        int index = (int) Math.ceil(percent / 100.0 * sorted.size()) - 1;
        return sorted.get(Math.max(0, index)) / 1e6;
    }
}
