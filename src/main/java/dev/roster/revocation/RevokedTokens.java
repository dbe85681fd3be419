package dev.roster.revocation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.roster.revocation.RecentRevocations.Known;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * The ids of revoked tokens ({@code jti}), sessions ({@code sid}) and users ({@code sub}), in memory, so that requests
 * are authenticated without asking the database. The set has no size bound: evicting an entry early would revive a
 * revoked token. Thread-safe.
 */
public final class RevokedTokens {
    /** How long an entry is kept after its expiry, in case a clock is set back. */
    public static final Duration MARGIN = Duration.ofMinutes(5);

    private final Cache<UUID, Entry> entries;
    private final AtomicReference<Instant> allUntil = new AtomicReference<>(Instant.MIN);
    private final LongAdder sent = new LongAdder();
    private final Clock clock;
    private final RecentRevocations recent;

    public RevokedTokens(Clock clock) {
        this(clock, Ticker.systemTicker());
    }

    RevokedTokens(Clock clock, Ticker ticker) {
        this.clock = clock;
        this.recent = new RecentRevocations(clock);
        this.entries = Caffeine.newBuilder()
                .ticker(ticker)
                .expireAfter(Expiry.writing((UUID id, Entry entry) ->
                        Duration.between(clock.instant(), entry.expiresAt()).plus(MARGIN)))
                .build();
    }

    /** Adds a revocation that this request has committed: every token that it covers is refused from now on. */
    public void add(Revocation revocation) {
        sent.increment();
        learn(revocation);
    }

    /** Adds a revocation that another request or node has committed. */
    public void learn(Revocation revocation) {
        recent.note(Known.of(revocation, clock.instant()));
        add(revocation.id(), revocation.expiresAt());
    }

    /** Adds an id. If the set has the id already, the later expiry counts. */
    public void add(UUID id, Instant expiresAt) {
        merge(id, Entry.of(expiresAt, false));
    }

    /**
     * Adds an id that the feed has brought.
     *
     * @return whether that is news: the feed did not bring this id before, or with an earlier expiry
     */
    boolean hear(UUID id, Instant expiresAt) {
        Entry heard = Entry.of(expiresAt, true);
        // A request that adds the same id after this look makes the news at most older, never fewer.
        Entry before = entries.getIfPresent(id);
        merge(id, heard);
        return before == null || !before.isHeard() || before.expirySecond() < heard.expirySecond();
    }

    private void merge(UUID id, Entry entry) {
        entries.asMap().merge(id, entry, Entry::laterOf);
    }

    /** Adds the revocation of all tokens that this request has committed. */
    public void add(AllRevoked all) {
        recent.note(all);
        addAll(all.until());
    }

    /** What was added lately, with what is known of each. */
    RecentRevocations recent() {
        return recent;
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

    /** The moment until which every token is revoked, if there is one. */
    public Optional<Instant> allUntil() {
        return Optional.ofNullable(allUntil.get()).filter(until -> !until.equals(Instant.MIN));
    }

    /**
     * The ids that have not expired by this time, in any order, without a copy. An id that is added meanwhile may be
     * missing.
     */
    public Stream<RevokedId> live(Instant now) {
        long second = now.getEpochSecond();
        return entries.asMap().entrySet().stream()
                .filter(entry -> entry.getValue().expirySecond() > second)
                .map(entry -> new RevokedId(entry.getKey(), entry.getValue().expirySecond()));
    }

    /** Whether this id of a token, a session or a user is revoked. */
    public boolean contains(UUID id) {
        return entries.getIfPresent(id) != null;
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
        return entries.estimatedSize();
    }

    /**
     * What is known of an id. It takes no more memory than an {@link Instant}.
     *
     * @param expirySecond as in {@link RevokedId}
     * @param isHeard whether the feed has brought this id with this expiry
     */
    private record Entry(long expirySecond, boolean isHeard) {
        static Entry of(Instant expiresAt, boolean isHeard) {
            return new Entry(RevokedId.second(expiresAt), isHeard);
        }

        Entry laterOf(Entry other) {
            if (expirySecond == other.expirySecond) {
                return isHeard ? this : other;
            }
            return expirySecond > other.expirySecond ? this : other;
        }

        Instant expiresAt() {
            return Instant.ofEpochSecond(expirySecond);
        }
    }
}
