package dev.roster.query.replica;

import dev.roster.database.primary.Epoch;
import dev.roster.http.ConsistencyToken;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/**
 * Knows which {@code Consistency-Token} is of a write that another primary may not have: one of an earlier timeline,
 * past the position where a later one began. Thread-safe.
 */
public final class LostWrites {
    private final Supplier<Epoch> epoch;

    /** @param epoch the epoch of now */
    public LostWrites(Supplier<Epoch> epoch) {
        this.epoch = epoch;
    }

    /** Whether replicas of the primary can have this position. */
    boolean isOnTimeline(ConsistencyToken token) {
        return token.timeline() > 0 && token.timeline() == epoch.get().timeline() && !token.isUnknown();
    }

    /** Lets the answer tell that the write is lost. Asks the database only if the token is of an earlier timeline. */
    void note(ContainerRequestContext request, ConsistencyToken token, Handle primary) {
        Epoch now = epoch.get();
        if (token.timeline() > 0 && token.timeline() < now.timeline() && isLost(token, now, primary)) {
            ConsistencyTokenLostFilter.set(request);
        }
    }

    /** If the present timeline is not in the table yet, this node knows where it began. */
    private static boolean isLost(ConsistencyToken token, Epoch now, Handle primary) {
        return primary.createQuery("""
                        SELECT :position::pg_lsn > min(first_lsn)
                          FROM (SELECT first_lsn FROM epochs WHERE timeline > :timeline
                                 UNION ALL
                                SELECT :first::pg_lsn
                                 WHERE NOT EXISTS (SELECT FROM epochs WHERE timeline = :current)) AS later
                        """)
                .bind("position", token.position())
                .bind("timeline", token.timeline())
                .bind("first", now.firstPosition())
                .bind("current", now.timeline())
                .mapTo(Boolean.class)
                .one();
    }
}
