package dev.roster.fleet;

import java.time.Duration;
import java.util.List;

/**
 * One figure of an experiment.
 *
 * @param bar what it has to be, or nothing where it only tells
 */
record Finding(String measured, String bar, Verdict verdict) {
    private static final int SHOWN = 3;

    enum Verdict {
        MET,
        /** Not within the time. A busy machine can do that to a service that is right. */
        MISSED,
        /** Wrong, on whatever machine. */
        FAILED
    }

    /** What may never be otherwise. */
    static Finding right(String measured, String bar, boolean met) {
        return new Finding(measured, bar, met ? Verdict.MET : Verdict.FAILED);
    }

    /** What may never happen. */
    static Finding none(String what, long count) {
        return right(what + ": " + count, "0", count == 0);
    }

    /** The same, with the first of them for whoever has to find out why. */
    static Finding none(String what, List<?> found) {
        if (!found.isEmpty()) {
            found.stream().limit(SHOWN).forEach(one -> System.err.println("  " + what + ": " + one));
        }
        return none(what, found.size());
    }

    /** What should not take longer. */
    static Finding within(String what, Duration measured, Duration bar) {
        return timely(what + ": " + Durations.text(measured), "≤ " + Durations.text(bar), measured.compareTo(bar) <= 0);
    }

    /** What depends on how fast the machine is. */
    static Finding timely(String measured, String bar, boolean met) {
        return new Finding(measured, bar, met ? Verdict.MET : Verdict.MISSED);
    }

    /** What is good to know. */
    static Finding figure(String measured) {
        return new Finding(measured, "", Verdict.MET);
    }
}
