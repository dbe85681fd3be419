package dev.roster.query;

import dev.roster.query.replica.Reads;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * Finds users and their sessions for operators, always on the primary. An operator looks at one person, acts, and looks
 * again: with a stale version the next change would fail, and a stale session would look as if it had not ended.
 * Thread-safe.
 */
public final class OperatorReads {
    private final Reads reads;

    OperatorReads(Reads reads) {
        this.reads = reads;
    }

    /** @throws RefusedException {@code NOT_FOUND} */
    public OperatorUser user(ContainerRequestContext request, UUID id) {
        return read(request, handle -> find(handle, id).orElseThrow(OperatorReads::unknown));
    }

    /**
     * The user's open sessions, last used first. None is {@code current}.
     *
     * @throws RefusedException {@code NOT_FOUND}
     */
    public List<Session> sessions(ContainerRequestContext request, UUID userId) {
        return read(request, handle -> {
            if (find(handle, userId).isEmpty()) {
                throw unknown();
            }
            return handle.attach(SessionQueries.class).list(userId, null);
        });
    }

    /** Finds a user in any transaction. */
    public static Optional<OperatorUser> find(Handle handle, UUID id) {
        return handle.createQuery("SELECT " + OperatorUser.COLUMNS + " FROM users WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> OperatorUser.read(row))
                .findOne();
    }

    private <T> T read(ContainerRequestContext request, Function<Handle, T> query) {
        return reads.readPrimary(request, query);
    }

    private static RefusedException unknown() {
        return new RefusedException(Refusal.NOT_FOUND, "There is no such user.");
    }
}
