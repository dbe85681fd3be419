package dev.roster.database.primary;

/**
 * The time in which one server was the primary, as this process saw it. The table {@code epochs} has a row for each
 * timeline, not for each of these.
 *
 * @param number 1 for the first epoch of the process, and one more for each that follows; 0 before the first
 * @param timeline the timeline of the server's write-ahead log; a promoted server begins a new one
 * @param firstPosition where the timeline began, in the form of {@code pg_lsn}; {@code 0/0} if that is not known
 */
public record Epoch(long number, int timeline, String firstPosition) {
    /** Before the database has answered. */
    public static final Epoch NONE = new Epoch(0, 0, "0/0");

    /** The epoch that follows this one. */
    public Epoch next(int newTimeline, String newFirstPosition) {
        return new Epoch(number + 1, newTimeline, newFirstPosition);
    }
}
