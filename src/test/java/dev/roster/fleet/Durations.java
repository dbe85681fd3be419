package dev.roster.fleet;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** How long something took, each time. */
record Durations(List<Duration> all) {
    Durations(List<Duration> all) {
        this.all = all.stream().sorted().toList();
    }

    /** Zero where it never happened. */
    Duration max() {
        return quantile(1);
    }

    Duration quantile(double fraction) {
        if (all.isEmpty()) {
            return Duration.ZERO;
        }
        int index = (int) Math.ceil(fraction * all.size()) - 1;
        return all.get(Math.max(0, index));
    }

    /** How many took longer than this. */
    long over(Duration bar) {
        return all.stream().filter(one -> one.compareTo(bar) > 0).count();
    }

    /** As people read it. */
    static String text(Duration duration) {
        double millis = duration.toNanos() / 1e6;
        return millis < 1_000
                ? String.format(Locale.ROOT, "%.1f ms", millis)
                : String.format(Locale.ROOT, "%.2f s", millis / 1_000);
    }

    @Override
    public String toString() {
        return "p50 " + text(quantile(0.5)) + ", p99 " + text(quantile(0.99)) + ", max " + text(max());
    }
}
