package dev.roster.limit;

/**
 * The size of a token bucket and how fast it refills.
 *
 * @param perMinute how many tokens a bucket gains a minute; 0 switches the limit off
 * @param atOnce how many tokens a full bucket holds; 0 switches the limit off
 */
public record Rate(int perMinute, int atOnce) {
    private static final double SECONDS_PER_MINUTE = 60;

    boolean isEnabled() {
        return perMinute > 0 && atOnce > 0;
    }

    /** The time between two tokens; 0 if the limit is off. */
    public double intervalSeconds() {
        return isEnabled() ? SECONDS_PER_MINUTE / perMinute : 0;
    }

    /** The time in which an empty bucket becomes full. */
    long windowSeconds() {
        return Math.round(atOnce * intervalSeconds());
    }
}
