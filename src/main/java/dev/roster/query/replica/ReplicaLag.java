package dev.roster.query.replica;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * How far the replica is behind, in time: since when the primary has had what the replica has not. Told by this node's
 * monotonic clock from positions in the log that are seen now and then, and so right also where nothing arrives at
 * the replica, or nothing is written at the primary. Thread-safe.
 */
final class ReplicaLag {
    private static final int MAX_SIGHTINGS = 4096;

    /** Of the primary, those that the replica has not reached; the oldest first. */
    private final Deque<Sighting> ahead = new ArrayDeque<>();

    /** Between two that are kept, in nanoseconds. */
    private long interval;

    /**
     * @param nanos the time at which the primary was seen
     * @param primary its position then
     * @param replica the replica's position, seen later
     */
    synchronized void observe(long nanos, long primary, long replica) {
        Sighting last = ahead.peekLast();
        if (last == null) {
            interval = 0;
        }
        if (last == null || (last.position() < primary && nanos - last.nanos() >= interval)) {
            ahead.add(new Sighting(nanos, primary));
        }
        while (!ahead.isEmpty() && ahead.getFirst().position() <= replica) {
            ahead.removeFirst();
        }
        if (ahead.size() > MAX_SIGHTINGS) {
            thin();
        }
    }

    /** By how much it was behind at this time. */
    synchronized Duration at(long nanos) {
        return ahead.isEmpty()
                ? Duration.ZERO
                : Duration.ofNanos(Math.max(0, nanos - ahead.getFirst().nanos()));
    }

    // A replica that is far behind is measured less finely. The first one stays, for it tells the lag.
    private void thin() {
        interval = (ahead.getLast().nanos() - ahead.getFirst().nanos()) / ahead.size() * 2;
        Iterator<Sighting> sightings = ahead.iterator();
        for (int i = 0; sightings.hasNext(); i++) {
            sightings.next();
            if (i % 2 == 1) {
                sightings.remove();
            }
        }
    }

    private record Sighting(long nanos, long position) {}
}
