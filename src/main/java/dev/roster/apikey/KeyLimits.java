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
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** The limits on what one key may do, and on wrong keys from one client address. Thread-safe. */
public final class KeyLimits {
    /**
     * How many look-ups may run at once for client addresses that are being refused: enough for a program with a valid
     * key, and too few to keep others from the database.
     */
    private static final int LOOK_UPS_OF_REFUSED = 2;

    private final Semaphore ofRefused = new Semaphore(LOOK_UPS_OF_REFUSED);
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
        take(requests, key.id());
        if (isDeletion) {
            take(deletions, key.id());
        }
    }

    /**
     * Counts a look-up of a key that has expired or been revoked, together with the requests that it made before. No
     * node has such a key in memory, so without a limit each request with it would ask the database.
     *
     * @throws RefusedException {@code TOO_MANY_REQUESTS} if the key has reached the limit
     */
    void takeEnded(String id) {
        take(requests, id);
    }

    private void take(Bucket limit, String id) {
        limit.throwIfRecentlyRefused(id);
        if (limit.isEnabled()) {
            jdbi.useTransaction(handle -> {
                var unused = limit.take(handle, id);
            });
        }
    }

    /**
     * Looks a key up in the database. If this node refused the client's address recently, only a few such look-ups run
     * at once. They are not refused altogether, because somebody else at the address may have sent the wrong keys, and
     * memory may not have a valid key yet.
     *
     * @param source null if memory has the key with the right secret
     * @throws RefusedException {@code TOO_MANY_REQUESTS} if this node refused the key recently, or if it refused the
     *     address recently and too many such look-ups run
     */
    @Nullable
    StoredKey lookUp(String id, @Nullable RequestSource source, Function<String, @Nullable StoredKey> database) {
        requests.throwIfRecentlyRefused(id);
        if (source == null) {
            return database.apply(id);
        }
        try {
            throwIfRecentlyRefused(source);
        } catch (RefusedException e) {
            return lookUpForRefused(id, e, database);
        }
        return database.apply(id);
    }

    private @Nullable StoredKey lookUpForRefused(
            String id, RefusedException refusal, Function<String, @Nullable StoredKey> database) {
        if (!ofRefused.tryAcquire()) {
            throw refusal;
        }
        try {
            return database.apply(id);
        } finally {
            ofRefused.release();
        }
    }

    /** @throws RefusedException {@code TOO_MANY_REQUESTS} if this node refused the client's address recently */
    private void throwIfRecentlyRefused(RequestSource source) {
        guesses.throwIfAddressRecentlyRefused(source.ip());
    }

    /**
     * Counts a wrong key, together with the wrong passwords of the client's address.
     *
     * @throws RefusedException {@code TOO_MANY_REQUESTS} if the address has sent too many
     */
    void countWrongKey(RequestSource source) {
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
