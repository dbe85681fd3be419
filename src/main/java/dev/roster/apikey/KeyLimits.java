package dev.roster.apikey;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.http.RequestSource;
import dev.roster.limit.Bucket;
import dev.roster.limit.GuessLimit;
import dev.roster.limit.LimitConfiguration;
import dev.roster.limit.LimitModule;
import dev.roster.refusal.RefusedException;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** The limits on what one key may do, and on wrong keys from one client address. Thread-safe. */
public final class KeyLimits {
    private final Commands commands;
    private final Jdbi jdbi;
    private final GuessLimit guesses;
    private final Bucket requests;
    private final Bucket deletions;

    /** @param jdbi the write side's connections */
    KeyLimits(KeyLimitConfiguration configuration, Commands commands, Jdbi jdbi, LimitModule limits) {
        this.commands = commands;
        this.jdbi = jdbi;
        this.guesses = limits.guesses();
        this.requests = limits.perMinute(LimitConfiguration.KEY, configuration.requests());
        this.deletions = limits.perMinute(LimitConfiguration.KEY_DELETION, configuration.deletions());
    }

    /**
     * Counts a request with this key.
     *
     * @param isDeletion whether it deletes something
     * @throws RefusedException {@code TOO_MANY_REQUESTS} if the key has reached a limit
     */
    public void take(ApiKey key, boolean isDeletion) {
        take(requests, key);
        if (isDeletion) {
            take(deletions, key);
        }
    }

    private void take(Bucket limit, ApiKey key) {
        limit.throwIfRecentlyRefused(key.id());
        if (limit.isEnabled()) {
            jdbi.useTransaction(handle -> {
                var unused = limit.take(handle, key.id());
            });
        }
    }

    /** @throws RefusedException {@code TOO_MANY_REQUESTS} if this node refused the client's address recently */
    public void throwIfRecentlyRefused(RequestSource source) {
        guesses.throwIfAddressRecentlyRefused(source.ip());
    }

    /**
     * Counts a wrong key, together with the wrong passwords of the client's address.
     *
     * @throws RefusedException {@code TOO_MANY_REQUESTS} if the address has sent too many
     */
    public void countWrongKey(RequestSource source) {
        throwIfRecentlyRefused(source);
        var unused = commands.run((handle, effects) -> {
            List<String> allReached = guesses.recordWrongKey(handle, source.ip());
            for (String reached : allReached) {
                effects.record(AuditEvent.against(null, AuditEvent.Type.LIMIT_HIT, source)
                        .with(reached));
            }
            return allReached;
        });
    }
}
