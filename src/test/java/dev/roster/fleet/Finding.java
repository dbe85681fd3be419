package dev.roster.fleet;

import java.time.Duration;
import java.util.List;

/**
 * One result of an experiment.
 *
 * @param bar what was required; empty if nothing was
 */
public record Finding(String measured, String bar, Verdict verdict) {
    private static final int SHOWN = 3;

    public enum Verdict {
        MET,
        /** Too late, as a correct service can be on a busy machine. */
        MISSED,
        /** Wrong on any machine. */
        FAILED
    }

    /** A result that has to be met on every machine. */
    public static Finding right(String measured, String bar, boolean met) {
        return new Finding(measured, bar, met ? Verdict.MET : Verdict.FAILED);
    }

    /** A count that has to be zero. */
    public static Finding none(String what, long count) {
        return right(what + ": " + count, "0", count == 0);
    }

    /** A list that has to be empty. Prints the first entries. */
    public static Finding none(String what, List<?> found) {
        if (!found.isEmpty()) {
            found.stream().limit(SHOWN).forEach(one -> System.err.println("  " + what + ": " + one));
        }
        return none(what, found.size());
    }

    /** A duration that should not be longer than the bar. */
    public static Finding within(String what, Duration measured, Duration bar) {
        return timely(what + ": " + Durations.text(measured), "≤ " + Durations.text(bar), measured.compareTo(bar) <= 0);
    }

    /** A result that depends on the speed of the machine. */
    public static Finding timely(String measured, String bar, boolean met) {
        return new Finding(measured, bar, met ? Verdict.MET : Verdict.MISSED);
    }

    /** A result without a requirement. */
    public static Finding figure(String measured) {
        return new Finding(measured, "", Verdict.MET);
    }
}
