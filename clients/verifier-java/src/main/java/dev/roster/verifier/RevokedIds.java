package dev.roster.verifier;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The revoked ids of tokens, sessions and users. Each stays until no token that it covers can be accepted, also across
 * connections: a node of Roster that lags cannot make this forget one. Thread-safe.
 */
final class RevokedIds {
    /** About 150 MB. */
    static final int MOST = 1_000_000;

    /** For a clock that is set back. */
    private static final Duration MARGIN = Duration.ofMinutes(5);

    private final Map<String, Long> ends = new ConcurrentHashMap<>();
    private final AtomicLong revokedUntil = new AtomicLong(Long.MIN_VALUE);

    /**
     * Adds an id.
     *
     * @param end when the last token that it covers has expired, in seconds since 1970
     * @throws IOException if there are too many
     */
    void add(String id, long end) throws IOException {
        if (ends.size() >= MOST && !ends.containsKey(id)) {
            throw new IOException("More than " + MOST + " revoked ids");
        }
        ends.merge(id, end, Math::max);
    }

    /**
     * Revokes all tokens that were issued until then.
     *
     * @param seconds since 1970
     * @return whether that is news
     */
    boolean addUntil(long seconds) {
        return revokedUntil.getAndAccumulate(seconds, Math::max) < seconds;
    }

    boolean covers(VerifiedToken token) {
        return ends.containsKey(token.id())
                || ends.containsKey(token.subject())
                || (token.sessionId() != null && ends.containsKey(token.sessionId()))
                || token.issuedAt().getEpochSecond() <= revokedUntil.get();
    }

    void removeExpired(Instant now) {
        long latest = now.minus(MARGIN).getEpochSecond();
        ends.values().removeIf(end -> end < latest);
    }

    int size() {
        return ends.size();
    }
}
