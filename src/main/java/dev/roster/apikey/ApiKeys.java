package dev.roster.apikey;

import dev.roster.http.RequestSource;
import dev.roster.refusal.RefusedException;
import dev.roster.refusal.TokenFault;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates requests by their key: from memory while memory is complete, otherwise from the database. If the
 * database does not answer then, the request fails: no failure lets a key in. Thread-safe.
 */
public final class ApiKeys {
    private final Map<String, StoredKey> byId;
    private final Set<String> changed = ConcurrentHashMap.newKeySet();
    private final BooleanSupplier complete;
    private final Function<String, @Nullable StoredKey> database;
    private final Clock clock;
    private final KeyUses uses;
    private final Counter requests;

    /**
     * @param byId the live keys, kept by {@link KeyListener}
     * @param complete whether {@code byId} has every live key
     * @param database finds a key on the primary, and sets the service's clock
     */
    ApiKeys(
            Map<String, StoredKey> byId,
            BooleanSupplier complete,
            Function<String, @Nullable StoredKey> database,
            Clock clock,
            KeyUses uses,
            PrometheusRegistry metrics) {
        this.byId = byId;
        this.complete = complete;
        this.database = database;
        this.clock = clock;
        this.uses = uses;
        this.requests = Counter.builder()
                .name("roster_key_authentications")
                .help("Requests with an API key: accepted, or the reason why the key was refused.")
                .labelNames("outcome")
                .withoutExemplars()
                .register(metrics);
        for (String outcome : new String[] {"accepted", "malformed", "unknown_key", "expired", "revoked"}) {
            requests.initLabelValues(outcome);
        }
    }

    /**
     * Returns the key of this text. Counts a wrong key as a guess, but no key that has expired or been revoked: a
     * script with an old key must not use up the limit of everybody at its address.
     *
     * @param limits bound the guesses, and how often the database is asked
     * @throws RefusedException {@code NO_API_KEY} if the text is not a key, or the key has expired or been
     *     revoked, {@code TOO_MANY_REQUESTS} if a limit is reached
     * @throws org.jdbi.v3.core.JdbiException if memory may be incomplete and the database does not answer
     */
    public ApiKey authenticate(String text, RequestSource source, KeyLimits limits) {
        WrittenKey written = WrittenKey.parse(text).orElseThrow(() -> wrong(TokenFault.MALFORMED, source, limits));
        // Ask before reading memory: afterwards, the feed may have received a change that the read missed.
        boolean isComplete = complete.getAsBoolean();
        StoredKey stored = changed.contains(written.id()) ? null : byId.get(written.id());
        boolean isKnown = stored != null && stored.hasSecretOf(written);
        boolean isFromMemory = isKnown && isComplete;
        if (!isFromMemory) {
            stored = limits.lookUp(written.id(), isKnown ? null : source, database);
        }
        if (stored == null || !stored.hasSecretOf(written)) {
            throw wrong(TokenFault.UNKNOWN_KEY, source, limits);
        }
        boolean isExpired = stored.isExpired(clock.instant());
        if (stored.isRevoked() || isExpired) {
            RefusedException refused = refused(stored.isRevoked() ? TokenFault.REVOKED : TokenFault.EXPIRED);
            if (!isFromMemory) {
                limits.takeEnded(stored.id());
            }
            throw refused;
        }
        requests.labelValues("accepted").inc();
        uses.note(stored.id());
        return stored.key();
    }

    /**
     * Returns true if memory has a key with this id and scope, and the key has not expired. Call it on the feed's
     * thread while memory is complete. On another thread it may return false for a live key, because memory lacks a
     * changed key until the feed has loaded it.
     */
    public boolean has(String id, Scope scope) {
        StoredKey stored = byId.get(id);
        return stored != null
                && !stored.isRevoked()
                && !stored.isExpired(clock.instant())
                && stored.key().allows(scope);
    }

    /**
     * Tells that this node has changed a key. From now on, requests with it ask the database, because the feed may be
     * loading the row as it was before. Call this after the commit and before the answer.
     */
    public void changed(String id) {
        changed.add(id);
    }

    /** @throws RefusedException {@code TOO_MANY_REQUESTS} if the address has sent too many wrong keys */
    private RefusedException wrong(TokenFault fault, RequestSource source, KeyLimits limits) {
        RefusedException refused = refused(fault);
        limits.countWrongKey(source);
        return refused;
    }

    private RefusedException refused(TokenFault fault) {
        requests.labelValues(fault.id()).inc();
        return RefusedException.apiKey(fault);
    }
}
