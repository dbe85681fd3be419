package dev.roster.fleet;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Measured durations. */
public record Durations(List<Duration> all) {
    public Durations(List<Duration> all) {
        this.all = all.stream().sorted().toList();
    }

    /** The longest, or zero if there are none. */
    public Duration max() {
        return quantile(1);
    }

    Duration quantile(double fraction) {
        if (all.isEmpty()) {
            return Duration.ZERO;
        }
        int index = (int) Math.ceil(fraction * all.size()) - 1;
        return all.get(Math.max(0, index));
    }

    /** How many are longer than this. */
    long over(Duration bar) {
        return all.stream().filter(one -> one.compareTo(bar) > 0).count();
    }

    /** Formats a duration. */
    public static String text(Duration duration) {
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
