package dev.roster.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * The ids of what is revoked: tokens ({@code jti}), sessions ({@code sid}) and users ({@code sub}). Held in memory, so
 * that a request is authenticated without asking the database. There is no bound on its size: an entry evicted before
 * its time would let a revoked token in again. Thread-safe.
 */
public final class RevokedTokens {
    /** How much longer an entry is held, against clocks that are set back. */
    public static final Duration MARGIN = Duration.ofMinutes(5);

    private final Cache<UUID, Instant> endById;

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

    /** Refuses everything that this covers from now on, until it would have expired anyhow. */
    public void add(Revocation revocation) {
        endById.asMap()
                .merge(revocation.id(), revocation.expiresAt(), (one, other) -> one.isAfter(other) ? one : other);
    }

    /** Whether the token, its session or its user is revoked. */
    public boolean contains(AccessToken token) {
        return contains(token.id())
                || contains(token.userId())
                || (token.sessionId() != null && contains(token.sessionId()));
    }

    /** Whether this is the id of a token, a session or a user that is revoked. */
    public boolean contains(UUID id) {
        return endById.getIfPresent(id) != null;
    }

    /** About how many ids are held. */
    public long size() {
        return endById.estimatedSize();
    }
}
