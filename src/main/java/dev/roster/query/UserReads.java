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
 * Finds users: in memory while all changes are heard, and what is not there in the primary; else, and for who wants to see
 * no less than what was written, in the database. Thread-safe.
 */
public final class UserReads {
    private final Reads reads;
    private final UserCache cache;
    private final BooleanSupplier heard;

    /** @param heard whether memory is told of every change; false where it shall not be asked */
    public UserReads(Reads reads, UserCache cache, BooleanSupplier heard) {
        this.reads = reads;
        this.cache = cache;
        this.heard = heard;
    }

    /** @throws dev.roster.refusal.RefusedException where the request's {@code Consistency-Token} is none of ours */
    Optional<StoredUser> find(ContainerRequestContext request, UUID id) {
        // Whether all is heard is asked before memory is: after it, memory may have been emptied and be right again.
        // What
        // is remembered comes from the primary: a replica could put an old row in, after the new one was told of.
        return ConsistencyToken.of(request) == null && heard.getAsBoolean()
                ? cache.find(id, () -> reads.readPrimary(handle -> find(handle, id)))
                : reads.find(request, handle -> find(handle, id));
    }

    // Not by a SQL object, as sessions are: to make one takes as long as the query does, and this is what is asked
    // most.
    private static Optional<StoredUser> find(Handle handle, UUID id) {
        return handle.createQuery("""
                        SELECT id, name, email, role, version, created_at, updated_at
                          FROM users
                         WHERE id = :id
                        """).bind("id", id).mapTo(StoredUser.class).findOne();
    }
}
