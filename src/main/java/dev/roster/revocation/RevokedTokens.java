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
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/**
 * The ids of revoked tokens ({@code jti}), sessions ({@code sid}) and users ({@code sub}), in memory, so that requests
 * are authenticated without asking the database. The set has no size bound: evicting an entry early would revive a
 * revoked token. Thread-safe.
 */
public final class RevokedTokens {
    /** How long an entry is kept after its expiry, in case a clock is set back. */
    public static final Duration MARGIN = Duration.ofMinutes(5);

    private final Cache<UUID, Instant> endById;
    private final AtomicReference<Instant> allUntil = new AtomicReference<>(Instant.MIN);
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

    /** Adds a revocation that this request has committed: every token that it covers is refused from now on. */
    public void add(Revocation revocation) {
        sent.increment();
        add(revocation.id(), revocation.expiresAt());
    }

    /** Adds a revocation that another request or node has committed. */
    public void learn(Revocation revocation) {
        add(revocation.id(), revocation.expiresAt());
    }

    /** Adds an id. If the set has the id already, the later expiry counts. */
    public void add(UUID id, Instant expiresAt) {
        endById.asMap().merge(id, expiresAt, (one, other) -> one.isAfter(other) ? one : other);
    }

    /** Adds every token that was issued until this moment. */
    public void addAll(Instant until) {
        allUntil.accumulateAndGet(until, (one, other) -> one.isAfter(other) ? one : other);
    }

    /**
     * Whether every token with this issue time is revoked. An issue time is in whole seconds, so tokens of the second
     * of the revocation are among them.
     */
    boolean containsAllOf(Instant issuedAt) {
        return !issuedAt.isAfter(allUntil.get());
    }

    /** Whether this id of a token, a session or a user is revoked. */
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

    /** The number of revocations that this node has committed. */
    public long sent() {
        return sent.sum();
    }

    /** The approximate number of ids. */
    public long size() {
        return endById.estimatedSize();
    }
}
