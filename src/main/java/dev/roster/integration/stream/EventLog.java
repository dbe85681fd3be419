package dev.roster.integration.stream;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The latest events, which all streams of this node share. Each stream reads from a position of its own, so a stream
 * costs no queue, and one that falls behind by more than {@link #CAPACITY} events has to end. Thread-safe.
 */
final class EventLog {
    /** About 4 MB. */
    static final int CAPACITY = 65_536;

    /** Bounds how long a stream holds the lock. */
    private static final int BATCH = 1_024;

    private final @Nullable StreamEvent[] events = new @Nullable StreamEvent[CAPACITY];

    /** The number of events so far: the position after the last one. */
    private long last;

    private Proof proof = new Proof(0, Instant.MIN, 0);
    private boolean isClosed;

    synchronized void append(StreamEvent event) {
        events[(int) (last % CAPACITY)] = event;
        last++;
        notifyAll();
    }

    /** Every event until this moment has been appended. */
    synchronized void prove(Instant completeUntil) {
        proof = new Proof(proof.number() + 1, completeUntil, System.nanoTime());
        notifyAll();
    }

    /** Wakes all who wait, so that they see for themselves whether their stream has ended. */
    synchronized void wake() {
        notifyAll();
    }

    /** From now on, {@link #await} does not wait. */
    synchronized void close() {
        isClosed = true;
        notifyAll();
    }

    synchronized boolean isClosed() {
        return isClosed;
    }

    /** The position after the last event. */
    synchronized long last() {
        return last;
    }

    /** The number of the last proof. */
    synchronized long lastProof() {
        return proof.number();
    }

    /** Whether a stream can go on from this position. */
    synchronized boolean reaches(long position) {
        return position >= last - CAPACITY && position <= last;
    }

    /**
     * The events after this position, oldest first. If there are none, and no proof later than this one, waits for
     * them.
     *
     * @return empty if the wait is over; null if events after the position are gone
     */
    synchronized @Nullable Batch await(long position, long proofNumber, Duration wait) throws InterruptedException {
        long deadline = System.nanoTime() + wait.toNanos();
        long left = wait.toNanos();
        while (position == last && proof.number() == proofNumber && !isClosed && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = deadline - System.nanoTime();
        }
        return reaches(position) ? batch(position) : null;
    }

    private Batch batch(long position) {
        long end = Math.min(last, position + BATCH);
        List<StreamEvent> batch = new ArrayList<>((int) (end - position));
        for (long each = position; each < end; each++) {
            StreamEvent event = events[(int) (each % CAPACITY)];
            if (event != null) {
                batch.add(event);
            }
        }
        return new Batch(batch, end == last ? proof : null);
    }

    /**
     * Some events.
     *
     * @param proof the last one; null if there are further events, which may be older
     */
    record Batch(List<StreamEvent> events, @Nullable Proof proof) {}

    /**
     * The proof that streams are complete.
     *
     * @param number counts them
     * @param nanos when it was made, as of {@link System#nanoTime}
     */
    record Proof(long number, Instant completeUntil, long nanos) {}
}
