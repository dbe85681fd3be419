package dev.roster.query;

import dev.roster.http.ConsistencyToken;
import dev.roster.query.cache.UserCache;
import dev.roster.query.replica.Reads;
import dev.roster.user.StoredUser;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Handle;

/**
 * Finds users: from the cache while the feed is fresh, otherwise (or with a consistency token) from the database.
 * Thread-safe.
 */
public final class UserReads {
    private final Reads reads;
    private final UserCache cache;
    private final BooleanSupplier isCacheFresh;

    /** @param isCacheFresh whether the cache has received every change; always false if there is no cache */
    public UserReads(Reads reads, UserCache cache, BooleanSupplier isCacheFresh) {
        this.reads = reads;
        this.cache = cache;
        this.isCacheFresh = isCacheFresh;
    }

    /** @throws dev.roster.refusal.RefusedException if the request's {@code Consistency-Token} is malformed */
    Optional<StoredUser> find(ContainerRequestContext request, UUID id) {
        // Check freshness before reading the cache: a check afterwards could accept a stale row that was read just
        // before a reconnect cleared the cache. Load from the primary: a replica could return a row older than the last
        // change.
        return ConsistencyToken.of(request) == null && isCacheFresh.getAsBoolean()
                ? cache.find(id, () -> reads.readPrimary(handle -> find(handle, id)))
                : reads.find(request, handle -> find(handle, id));
    }

    // Uses no SQL object, because creating a SQL object takes as long as this query, the most frequent one.
    private static Optional<StoredUser> find(Handle handle, UUID id) {
        return handle.createQuery("SELECT" + StoredUser.COLUMNS + "FROM users WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> StoredUser.read(row))
                .findOne();
    }
}
