package dev.roster.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.roster.limit.LimitCommands.BucketState;
import dev.roster.refusal.RefusedException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;

/**
 * A limit on a rate of requests: one token bucket for each subject, such as a client address. A node takes the tokens
 * of large buckets in portions, and spends each portion in memory while the bucket gains another. Tokens that it has
 * not spent by then are lost. Thread-safe.
 */
public final class Bucket {
    /** A bucket with fewer than twice as many tokens is emptied token by token. */
    private static final int PORTIONS = 300;

    private static final double NANOS = 1e9;

    private final String name;
    private final Rate rate;
    private final LimitKeys keys;
    private final RecentRefusals refusals;
    private final int portion;
    private final TakenTokens taken;

    Bucket(String name, Rate rate, LimitKeys keys) {
        this.name = name;
        this.rate = rate;
        this.keys = keys;
        this.refusals = new RecentRefusals(name, rate.atOnce(), rate.windowSeconds());
        this.portion = Math.max(1, Math.min(rate.atOnce() / PORTIONS, rate.perMinute()));
        this.taken = new TakenTokens(Duration.ofNanos((long) (portion * rate.intervalSeconds() * NANOS)));
    }

    /** The name of the limit, as clients see it. */
    public String name() {
        return name;
    }

    /** Whether there is a limit at all. */
    public boolean isEnabled() {
        return rate.isEnabled();
    }

    Rate rate() {
        return rate;
    }

    RecentRefusals refusals() {
        return refusals;
    }

    String key(String subject) {
        return keys.of(name, subject);
    }

    /** @throws RefusedException {@code TOO_MANY_REQUESTS} if this node refused the subject recently */
    public void throwIfRecentlyRefused(String subject) {
        if (rate.isEnabled()) {
            refusals.throwIfRefused(key(subject));
        }
    }

    /**
     * Takes a token. If it comes from the database, the row of the bucket stays locked until the transaction ends.
     *
     * @throws RefusedException {@code TOO_MANY_REQUESTS} if the bucket is empty
     */
    public BucketState take(Handle handle, String subject) {
        throwIfRecentlyRefused(subject);
        return tryToTake(handle, subject).orElseThrow(() -> {
            String key = key(subject);
            return refusals.refuse(
                    key,
                    handle.attach(LimitCommands.class)
                            .secondsToNextToken(key, rate)
                            .orElse(0.0));
        });
    }

    /** Takes a token as {@link #take} does; empty if the bucket is empty. */
    public Optional<BucketState> tryToTake(Handle handle, String subject) {
        if (!rate.isEnabled()) {
            return Optional.of(new BucketState(true, false));
        }
        String key = key(subject);
        if (taken.spend(key)) {
            handle.afterRollback(() -> taken.add(key, 1));
            return Optional.of(new BucketState(false, false));
        }
        LimitCommands limits = handle.attach(LimitCommands.class);
        Optional<BucketState> state = portion > 1 ? takePortion(handle, limits, key) : Optional.empty();
        return state.isPresent() ? state : limits.take(key, 1, rate);
    }

    /** Takes a portion; empty if the bucket holds less. If the transaction is rolled back, the bucket keeps it. */
    private Optional<BucketState> takePortion(Handle handle, LimitCommands limits, String key) {
        Optional<BucketState> state = limits.take(key, portion, rate);
        if (state.isPresent()) {
            handle.afterCommit(() -> taken.add(key, portion - 1));
        }
        return state;
    }

    /** Tokens that this node has taken from buckets and not spent. Thread-safe. */
    private static final class TakenTokens {
        private static final int MAX_ENTRIES = 100_000;

        private final Cache<String, AtomicInteger> byKey;

        /** @param lifetime in which a bucket gains a portion; afterwards the tokens are in the bucket again */
        TakenTokens(Duration lifetime) {
            this.byKey = Caffeine.newBuilder()
                    .maximumSize(MAX_ENTRIES)
                    .expireAfterWrite(lifetime)
                    .build();
        }

        /** Spends a token, and returns whether there was one. */
        boolean spend(String key) {
            AtomicInteger tokens = byKey.getIfPresent(key);
            if (tokens == null) {
                return false;
            }
            int left = tokens.decrementAndGet();
            if (left <= 0) {
                boolean unused = byKey.asMap().remove(key, tokens);
            }
            return left >= 0;
        }

        void add(String key, int tokens) {
            int unused = byKey.get(key, first -> new AtomicInteger()).addAndGet(tokens);
        }
    }
}
