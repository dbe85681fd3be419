package dev.roster.query.replica;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Measures how long the primary has had data that the replica lacks. It compares sampled log positions on this node's
 * monotonic clock, so it is also right while the primary writes nothing or the replica receives nothing. Thread-safe.
 */
final class ReplicaLag {
    private static final int MAX_SAMPLES = 4096;

    /** Positions of the primary that the replica has not reached, oldest first. */
    private final Deque<Sample> ahead = new ArrayDeque<>();

    /** The minimum time between two kept samples, in nanoseconds. */
    private long interval;

    /**
     * @param nanos when the primary's position was read
     * @param primary the primary's position
     * @param replica the replica's position, read later
     */
    synchronized void observe(long nanos, long primary, long replica) {
        Sample last = ahead.peekLast();
        if (last == null) {
            interval = 0;
        }
        if (last == null || (last.position() < primary && nanos - last.nanos() >= interval)) {
            ahead.add(new Sample(nanos, primary));
        }
        while (!ahead.isEmpty() && ahead.getFirst().position() <= replica) {
            ahead.removeFirst();
        }
        if (ahead.size() > MAX_SAMPLES) {
            thin();
        }
    }

    /** Forgets all positions: those of another primary cannot be compared. */
    synchronized void clear() {
        ahead.clear();
    }

    /** Returns the lag at this time. */
    synchronized Duration at(long nanos) {
        return ahead.isEmpty()
                ? Duration.ZERO
                : Duration.ofNanos(Math.max(0, nanos - ahead.getFirst().nanos()));
    }

    // Halves the resolution of a long lag. The first sample stays: it determines the lag.
    private void thin() {
        interval = (ahead.getLast().nanos() - ahead.getFirst().nanos()) / ahead.size() * 2;
        Iterator<Sample> samples = ahead.iterator();
        for (int i = 0; samples.hasNext(); i++) {
            samples.next();
            if (i % 2 == 1) {
                samples.remove();
            }
        }
    }

    private record Sample(long nanos, long position) {}
}
