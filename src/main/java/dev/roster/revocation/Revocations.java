package dev.roster.revocation;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import java.util.Collection;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Jdbi;

/**
 * Tells whether a token is revoked: from memory while that is known to be complete, else from the database, and where that
 * does not answer either, not at all. Nobody is let in because something was down. Thread-safe.
 */
public final class Revocations {
    private final RevokedTokens revoked;
    private final BooleanSupplier complete;
    private final Jdbi primary;
    private final Counter fromMemory;
    private final Counter fromDatabase;

    /**
     * @param complete whether memory holds all that is revoked
     * @param primary never a replica, which may lag
     */
    public Revocations(RevokedTokens revoked, BooleanSupplier complete, Jdbi primary, MetricRegistry metrics) {
        this.revoked = revoked;
        this.complete = complete;
        this.primary = primary;
        this.fromMemory = metrics.counter("roster.revocation-lookups.memory");
        this.fromDatabase = metrics.counter("roster.revocation-lookups.database");
    }

    /**
     * Whether one of these is the id of a token, a session or a user that is revoked.
     *
     * @throws org.jdbi.v3.core.JdbiException where memory may be incomplete and the database does not answer
     */
    public boolean containAny(Collection<UUID> ids) {
        // Before the look at the set, not after it: by then the feed may have proven what the look has missed.
        boolean knowsAll = complete.getAsBoolean();
        boolean found = revoked.containsAny(ids);
        if (found || knowsAll) {
            fromMemory.inc();
            return found;
        }
        fromDatabase.inc();
        return primary.withExtension(
                TokenBlocklist.class, blocklist -> blocklist.containsAny(ids, RevokedTokens.MARGIN.toSeconds()));
    }
}
