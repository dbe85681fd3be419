package dev.roster.limit;

import dev.roster.refusal.RefusedException;
import org.jdbi.v3.core.Handle;

/** A limit on a rate of requests: one token bucket for each subject, such as a client address. Thread-safe. */
final class Bucket {
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

    Rate rate() {
        return rate;
    }

    RecentRefusals refusals() {
        return refusals;
    }

    String key(String subject) {
        return keys.of(name, subject);
    }

    /**
     * Takes a token. The row of the bucket stays locked until the transaction ends.
     *
     * @throws RefusedException {@code TOO_MANY_REQUESTS} if the bucket is empty
     */
    BucketState take(Handle handle, String subject) {
        if (!rate.isEnabled()) {
            return new BucketState(true, false);
        }
        String key = key(subject);
        refusals.throwIfRefused(key);
        LimitCommands commands = handle.attach(LimitCommands.class);
        return commands.take(key, rate)
                .orElseThrow(() -> refusals.refuse(
                        key, commands.secondsToNextToken(key, rate).orElse(0.0)));
    }
}
