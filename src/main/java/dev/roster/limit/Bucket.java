package dev.roster.limit;

import dev.roster.limit.LimitCommands.BucketState;
import dev.roster.refusal.RefusedException;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** A limit on a rate of requests: one token bucket for each subject, such as a client address. Thread-safe. */
public final class Bucket {
    private final String name;
    private final Rate rate;
    private final LimitKeys keys;
    private final RecentRefusals refusals;

    Bucket(String name, Rate rate, LimitKeys keys) {
        this.name = name;
        this.rate = rate;
        this.keys = keys;
        this.refusals = new RecentRefusals(name, rate.atOnce(), rate.windowSeconds());
    }

    /** The name of the limit, as clients see it. */
    public String name() {
        return name;
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
     * Takes a token. The row of the bucket stays locked until the transaction ends.
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

    /** Takes a token; empty if the bucket is empty. The row of the bucket stays locked until the transaction ends. */
    Optional<BucketState> tryToTake(Handle handle, String subject) {
        return rate.isEnabled()
                ? handle.attach(LimitCommands.class).take(key(subject), rate)
                : Optional.of(new BucketState(true, false));
    }
}
