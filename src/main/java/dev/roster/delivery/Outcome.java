package dev.roster.delivery;

import org.jspecify.annotations.Nullable;

/**
 * The outcome of an attempt to deliver a row.
 *
 * @param failure the class of the failure, such as {@code timeout} or {@code smtp-451}. It is stored and shown to
 *     operators, so it contains nothing of the row; null if there was none
 */
public record Outcome(Result result, @Nullable String failure) {
    private static final int MAX_LENGTH = 200;

    public Outcome {
        if (failure != null && failure.length() > MAX_LENGTH) {
            failure = failure.substring(0, MAX_LENGTH);
        }
    }

    /** The receiver accepted the row. */
    public static Outcome sent() {
        return new Outcome(Result.SENT, null);
    }

    /** The row was not to be delivered. */
    public static Outcome dropped() {
        return new Outcome(Result.DROPPED, null);
    }

    /** The attempt failed, and a later one may succeed. */
    public static Outcome putOff(String failure) {
        return new Outcome(Result.PUT_OFF, failure);
    }

    /** The attempt failed, and every later one would. */
    public static Outcome failed(String failure) {
        return new Outcome(Result.FAILED, failure);
    }

    /** The result of an attempt. */
    public enum Result {
        SENT,
        DROPPED,
        PUT_OFF,
        FAILED
    }
}
