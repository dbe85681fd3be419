package dev.roster.limit;

/**
 * The size of a token bucket and how fast it refills.
 *
 * @param count how many tokens a bucket gains in the period; 0 switches the limit off
 * @param periodSeconds the length of the period
 * @param atOnce how many tokens a full bucket holds; 0 switches the limit off
 */
public record Rate(int count, int periodSeconds, int atOnce) {
    private static final int MINUTE = 60;
    private static final int HOUR = 3600;

    /** A rate by the minute. */
    Rate(int perMinute, int atOnce) {
        this(perMinute, MINUTE, atOnce);
    }

    /** A rate by the hour. A full bucket holds as many tokens as it gains in an hour. */
    static Rate perHour(int count) {
        return new Rate(count, HOUR, count);
    }

    boolean isEnabled() {
        return count > 0 && atOnce > 0;
    }

    int perMinute() {
        return (int) ((long) count * MINUTE / periodSeconds);
    }

    /** The time between two tokens; 0 if the limit is off. */
    public double intervalSeconds() {
        return isEnabled() ? (double) periodSeconds / count : 0;
    }

    /** The time in which an empty bucket becomes full. */
    long windowSeconds() {
        return Math.round(atOnce * intervalSeconds());
    }
}
