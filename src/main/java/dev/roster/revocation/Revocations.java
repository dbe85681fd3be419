package dev.roster.revocation;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Instant;
import java.util.Collection;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;

/**
 * Tells whether a token is revoked: from memory while memory is complete, otherwise from the database. If the database
 * does not answer, it throws: no token is accepted because something is down. Thread-safe.
 */
public final class Revocations {
    private final RevokedTokens revoked;
    private final BooleanSupplier complete;
    private final BiPredicate<Collection<UUID>, Instant> database;
    private final CounterDataPoint fromMemory;
    private final CounterDataPoint fromDatabase;

    /**
     * @param complete whether memory holds every revocation
     * @param database whether the table revokes one of these ids, or all tokens of this issue time; sets the service's
     *     clock. Never asks a replica, which may lag
     */
    public Revocations(
            RevokedTokens revoked,
            BooleanSupplier complete,
            BiPredicate<Collection<UUID>, Instant> database,
            PrometheusRegistry metrics) {
        this.revoked = revoked;
        this.complete = complete;
        this.database = database;
        Counter lookups = Counter.builder()
                .name("roster_revocation_lookups")
                .help("Checks whether a token is revoked, by source: the database while the feed is stale.")
                .labelNames("source")
                .withoutExemplars()
                .register(metrics);
        this.fromMemory = lookups.labelValues("memory");
        this.fromDatabase = lookups.labelValues("database");
    }

    /**
     * Whether a token is revoked. Check its expiry afterwards: if this machine was suspended, only the look-up in the
     * database sets the clock right.
     *
     * @param ids those of the token, its session and its user
     * @throws org.jdbi.v3.core.JdbiException if memory may be incomplete and the database does not answer
     */
    public boolean cover(Collection<UUID> ids, Instant issuedAt) {
        // Ask before reading the set: afterwards, the feed may have received a revocation that the read missed.
        boolean isComplete = complete.getAsBoolean();
        boolean found = revoked.containsAllOf(issuedAt) || revoked.containsAny(ids);
        if (found || isComplete) {
            fromMemory.inc();
            return found;
        }
        fromDatabase.inc();
        return database.test(ids, issuedAt);
    }
}
