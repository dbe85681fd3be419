package dev.roster.integration.stream;

import dev.roster.integration.stream.EventLog.Batch;
import dev.roster.integration.stream.EventLog.Proof;
import dev.roster.revocation.RevokedId;
import dev.roster.revocation.RevokedTokens;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One stream, written by a thread of its own. Not thread-safe, except {@link #end} and {@link #keyId}. */
final class RevocationStream {
    private static final long RETRY_MILLIS = 500;
    private static final Duration WAIT = Duration.ofMillis(250);

    /** An older proof is not sent, but the next one: memory may have been incomplete meanwhile. */
    private static final Duration MAX_PROOF_AGE = Duration.ofMillis(250);

    private final String keyId;
    private final String run;
    private final EventLog log;
    private final RevokedTokens revoked;
    private final Clock clock;
    private volatile boolean isEnded;

    /** Read and written by the feed's thread only. */
    private int checks;

    private long position;
    private long proof;

    /** @param run the name of this node's run, for cursors */
    RevocationStream(String keyId, String run, EventLog log, RevokedTokens revoked, Clock clock) {
        this.keyId = keyId;
        this.run = run;
        this.log = log;
        this.revoked = revoked;
        this.clock = clock;
    }

    String keyId() {
        return keyId;
    }

    /** How often this method was called. Called by the feed's thread only. */
    int countCheck() {
        return ++checks;
    }

    /** Ends the stream once its thread has written what it writes. */
    void end() {
        isEnded = true;
        log.wake();
    }

    /**
     * Writes until the stream ends, or its client leaves.
     *
     * @param lastEventId where the client's last stream ended; null if it has had none
     */
    void write(ServletResponse answer, @Nullable String lastEventId) {
        try {
            write(new EventWriter(answer.getOutputStream()), lastEventId);
        } catch (IOException e) { // the client has left, or was reset because it does not read
            end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(EventWriter events, @Nullable String lastEventId) throws IOException, InterruptedException {
        proof = log.lastProof(); // a proof from before this stream does not cover it
        events.retry(RETRY_MILLIS);
        Optional<Cursor> known =
                Cursor.parse(lastEventId).filter(cursor -> cursor.run().equals(run) && log.reaches(cursor.position()));
        position = known.map(Cursor::position).orElseGet(log::last);
        if (known.isEmpty()) {
            writeSnapshot(events);
        }
        events.flush();
        while (!isEnded && !log.isClosed() && follow(events)) {
            events.flush();
        }
    }

    /** Writes all ids that memory has by now. Events after the position may repeat some of them. */
    private void writeSnapshot(EventWriter events) throws IOException {
        events.beginSnapshot(cursor());
        Iterator<RevokedId> ids = revoked.live(clock.instant()).iterator();
        while (ids.hasNext() && !isEnded && !log.isClosed()) {
            RevokedId id = ids.next();
            events.id(id, !ids.hasNext());
        }
        if (!isEnded && !log.isClosed()) { // otherwise the event stays incomplete, and clients ignore it
            events.endSnapshot(revoked.allUntil());
        }
    }

    /** Returns false if the stream has fallen behind too far. */
    private boolean follow(EventWriter events) throws IOException, InterruptedException {
        Batch batch = log.await(position, proof, WAIT);
        if (batch == null) {
            return false;
        }
        for (StreamEvent event : batch.events()) {
            position++;
            events.event(event, cursor());
        }
        Proof latest = batch.proof();
        if (latest != null && latest.number() != proof) {
            proof = latest.number();
            if (System.nanoTime() - latest.nanos() < MAX_PROOF_AGE.toNanos()) {
                events.beat(latest.completeUntil(), cursor());
            }
        }
        return true;
    }

    private Cursor cursor() {
        return new Cursor(run, position);
    }
}
