package dev.roster.revocation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;

/**
 * The ids of what is revoked: tokens ({@code jti}), sessions ({@code sid}) and users ({@code sub}). Held in memory, so
 * that a request is authenticated without asking the database. There is no bound on its size: an entry evicted before
 * its time would let a revoked token in again. Thread-safe.
 */
public final class RevokedTokens {
    /** How much longer an entry is held, against clocks that are set back. */
    public static final Duration MARGIN = Duration.ofMinutes(5);

    private final Cache<UUID, Instant> endById;
    private final LongAdder sent = new LongAdder();

    public RevokedTokens(Clock clock) {
        this(clock, Ticker.systemTicker());
    }

    RevokedTokens(Clock clock, Ticker ticker) {
        this.endById = Caffeine.newBuilder()
                .ticker(ticker)
                .expireAfter(Expiry.writing((UUID id, Instant expiresAt) ->
                        Duration.between(clock.instant(), expiresAt).plus(MARGIN)))
                .build();
    }

    /** Refuses everything that this covers from now on, until it would have expired anyhow; for what this node has committed. */
    public void add(Revocation revocation) {
        sent.increment();
        add(revocation.id(), revocation.expiresAt());
    }

    /** The same for what another request or node has committed. */
    public void learn(Revocation revocation) {
        add(revocation.id(), revocation.expiresAt());
    }

    /** The same for what another node has revoked, or somebody by hand. */
    public void add(UUID id, Instant expiresAt) {
        endById.asMap().merge(id, expiresAt, (one, other) -> one.isAfter(other) ? one : other);
    }

    /** Whether this is the id of a token, a session or a user that is revoked. */
    public boolean contains(UUID id) {
        return endById.getIfPresent(id) != null;
    }

    boolean containsAny(Collection<UUID> ids) {
        for (UUID id : ids) {
            if (contains(id)) {
                return true;
            }
        }
        return false;
    }

    /** How many revocations this node has committed. */
    public long sent() {
        return sent.sum();
    }

    /** About how many ids are held. */
    public long size() {
        return endById.estimatedSize();
    }
}
