package dev.roster.verifier;

import dev.roster.verifier.Clocks.Moment;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How old the last proof is at most that all revocations were received. Roster sends one with each beat. Thread-safe.
 *
 * <p>The clocks of Roster's database and of this machine differ. Roster sends only proofs that it made after the
 * request. So the first beat of a connection is at most as old as its request, and this tells how far the clocks may
 * differ; the other beats are compared with it. A network that holds each beat back for the same time makes them all
 * old.
 */
final class Freshness {
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private final Clocks clocks;
    private Moment request;
    private @Nullable Duration smallest;
    private volatile @Nullable Beat last;

    Freshness(Clocks clocks) {
        this.clocks = clocks;
        this.request = clocks.now();
    }

    private record Beat(Moment receipt, Duration delay) {}

    /**
     * Forgets the beats of the connection before: a new one has proved nothing yet.
     *
     * @param start before the request was sent
     */
    synchronized void connected(Moment start) {
        request = start;
        smallest = null;
        last = null;
    }

    /** Takes a beat of this connection. Returns whether it was fresh when it arrived. */
    synchronized boolean beat(Instant completeUntil) {
        Moment receipt = clocks.now();
        Duration difference = Duration.between(completeUntil, receipt.wall());
        Duration known = smallest == null ? difference.minus(clocks.since(request)) : smallest;
        smallest = difference.compareTo(known) < 0 ? difference : known;
        Duration delay = difference.minus(smallest);
        last = new Beat(receipt, delay);
        notifyAll();
        return delay.compareTo(LIMIT) < 0;
    }

    /** Waits until a beat is fresh. Returns false if none is in time. */
    synchronized boolean await(Duration longest) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        while (!isFresh()) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    /** Ask before reading what the beats prove. */
    boolean isFresh() {
        Beat beat = last;
        return beat != null && clocks.since(beat.receipt).plus(beat.delay).compareTo(LIMIT) < 0;
    }
}
