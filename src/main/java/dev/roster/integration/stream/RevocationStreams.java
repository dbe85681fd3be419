package dev.roster.integration.stream;

import dev.roster.apikey.ApiKeys;
import dev.roster.apikey.Scope;
import dev.roster.host.Host;
import dev.roster.integration.stream.StreamEvent.OfAll;
import dev.roster.integration.stream.StreamEvent.OfId;
import dev.roster.limit.LimitConfiguration;
import dev.roster.refusal.ReachedLimit;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.revocation.RevocationObserver;
import dev.roster.revocation.RevokedId;
import dev.roster.revocation.RevokedTokens;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The open streams of this node, and the events for them. A stream ends once its key is revoked, has expired or lost
 * the scope. Thread-safe.
 */
final class RevocationStreams implements RevocationObserver {
    static final int MAX_STREAMS = 64;
    static final int MAX_PER_KEY = 4;

    private static final int RUN_BYTES = 8;

    /** A heartbeat may have been on its way while the stream began, and memory may not have had its key. */
    private static final int FIRST_CHECK = 2;

    private final EventLog log = new EventLog();
    private final String run;
    private final RevokedTokens revoked;
    private final ApiKeys keys;
    private final Clock clock;
    private final Set<RevocationStream> open = new LinkedHashSet<>(); // guarded by itself

    /** {@link #MAX_STREAMS} bounds the threads. */
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "revocation-stream");
        thread.setDaemon(true);
        return thread;
    });

    RevocationStreams(Host host, RevokedTokens revoked, ApiKeys keys) {
        byte[] name = new byte[RUN_BYTES];
        host.random().nextBytes(name);
        this.run = HexFormat.of().formatHex(name);
        this.revoked = revoked;
        this.keys = keys;
        this.clock = host.clock();
    }

    /**
     * Takes a place for a stream of this key. {@link #start} gives it back.
     *
     * @throws RefusedException {@code UNAVAILABLE} if this node has no place for another stream, or stops;
     *     {@code TOO_MANY_REQUESTS} if the key has none
     */
    RevocationStream open(String keyId) {
        RevocationStream stream = new RevocationStream(keyId, run, log, revoked, clock);
        synchronized (open) {
            takePlace(stream);
        }
        return stream;
    }

    /** Runs the writer of a stream on a thread of its own. */
    void start(RevocationStream stream, Runnable writing) {
        try {
            threads.execute(() -> {
                try {
                    writing.run();
                } finally {
                    leave(stream);
                }
            });
        } catch (RuntimeException | Error e) { // the machine has no thread left
            leave(stream);
            throw e;
        }
    }

    private void leave(RevocationStream stream) {
        synchronized (open) {
            open.remove(stream);
        }
    }

    private void takePlace(RevocationStream stream) {
        if (log.isClosed()) {
            throw new RefusedException(Refusal.UNAVAILABLE, "This node is stopping.");
        }
        long ofKey = open.stream()
                .filter(each -> each.keyId().equals(stream.keyId()))
                .count();
        if (ofKey >= MAX_PER_KEY) {
            throw RefusedException.tooMany(new ReachedLimit(LimitConfiguration.KEY_STREAMS, MAX_PER_KEY, null, 1));
        }
        if (open.size() >= MAX_STREAMS) {
            throw new RefusedException(Refusal.UNAVAILABLE, "This node serves as many streams as it can.");
        }
        open.add(stream);
    }

    int count() {
        synchronized (open) {
            return open.size();
        }
    }

    /** Ends all streams, and refuses new ones. */
    void close() {
        log.close();
    }

    @Override
    public void revoked(RevokedId id) {
        log.append(new OfId(id));
    }

    @Override
    public void allRevoked(Instant until, Instant expiresAt) {
        log.append(new OfAll(until.getEpochSecond(), RevokedId.second(expiresAt)));
    }

    @Override
    public void proven(Instant completeUntil) {
        List<RevocationStream> streams;
        synchronized (open) {
            streams = List.copyOf(open);
        }
        for (RevocationStream stream : streams) {
            if (stream.countCheck() >= FIRST_CHECK && !keys.has(stream.keyId(), Scope.REVOCATIONS)) {
                stream.end();
            }
        }
        log.prove(completeUntil);
    }
}
