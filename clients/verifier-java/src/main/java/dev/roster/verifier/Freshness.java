package dev.roster.verifier;

import dev.roster.verifier.Clocks.Moment;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How old the last proof is that all revocations were received. Roster sends one with each beat. Thread-safe.
 *
 * <p>The clocks of Roster's database and of this machine differ. So a beat's delay is measured against the fastest beat
 * of its connection: a beat that the network held back is old when it arrives.
 */
final class Freshness {
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private final Clocks clocks;
    private @Nullable Duration smallest;
    private volatile @Nullable Beat last;

    Freshness(Clocks clocks) {
        this.clocks = clocks;
    }

    private record Beat(Moment receipt, Duration delay) {}

    /** Forgets the beats of the connection before: a new one has proved nothing yet. */
    synchronized void connected() {
        smallest = null;
        last = null;
    }

    /** Takes a beat of this connection. Returns whether it was fresh when it arrived. */
    synchronized boolean beat(Instant completeUntil) {
        Moment receipt = clocks.now();
        Duration difference = Duration.between(completeUntil, receipt.wall());
        if (smallest == null || difference.compareTo(smallest) < 0) {
            smallest = difference;
        }
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
