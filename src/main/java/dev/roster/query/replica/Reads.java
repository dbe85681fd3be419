package dev.roster.query.replica;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import dev.roster.http.ConsistencyToken;
import jakarta.servlet.http.HttpServletRequest;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * Reads from the replica where there is one, it is up, and it has all that the request asks for; else from the primary.
 * Nothing fails for want of a replica. Thread-safe.
 */
public final class Reads {
    /** For how long a read waits for the replica to reach the position that it asks for. */
    private static final Duration PATIENCE = Duration.ofMillis(100);

    private static final Duration INTERVAL = Duration.ofMillis(5);

    /** Of a statement that has taken too long; it would on the primary too. */
    private static final String QUERY_CANCELED = "57014";

    private final Jdbi primary;
    private final @Nullable Jdbi replicaReads;
    private final @Nullable Replica replica;
    private final Counter fromPrimary;
    private final Counter fromReplica;

    /** Reads where there is no replica. */
    public Reads(Jdbi primary, MetricRegistry metrics) {
        this(primary, null, null, metrics);
    }

    /**
     * @param replicaReads connections to the replica for these reads; null where there is none
     * @param replica what is known of it; null where there is none
     */
    public Reads(Jdbi primary, @Nullable Jdbi replicaReads, @Nullable Replica replica, MetricRegistry metrics) {
        this.primary = primary;
        this.replicaReads = replicaReads;
        this.replica = replica;
        this.fromPrimary = metrics.counter("roster.reads.primary");
        this.fromReplica = metrics.counter("roster.reads.replica");
    }

    /**
     * What a query yields.
     *
     * @throws dev.roster.user.RefusedException where the request's {@code Consistency-Token} is none of ours
     */
    public <T> T read(HttpServletRequest request, Function<Handle, T> query) {
        String position = ConsistencyToken.of(request);
        return readReplica(request, position, query).orElseGet(() -> readPrimary(query));
    }

    /** The same for one thing. That there is none is only true where the primary says so: it may be new. */
    public <T> Optional<T> find(HttpServletRequest request, Function<Handle, Optional<T>> query) {
        String position = ConsistencyToken.of(request);
        return readReplica(request, position, query)
                .flatMap(Function.identity())
                .or(() -> {
                    ReplicaLagFilter.clear(request);
                    return readPrimary(query);
                });
    }

    private <T> T readPrimary(Function<Handle, T> query) {
        fromPrimary.inc();
        return primary.withHandle(query::apply);
    }

    /** Empty where the replica will not do. */
    private <T> Optional<T> readReplica(
            HttpServletRequest request, @Nullable String position, Function<Handle, T> query) {
        if (replicaReads == null || replica == null || !replica.isUp()) {
            return Optional.empty();
        }
        try {
            return replicaReads.withHandle(handle -> {
                if (position != null && !isReached(handle, position)) {
                    return Optional.empty();
                }
                T answer = query.apply(handle);
                ReplicaLagFilter.set(request, replica.lag());
                fromReplica.inc();
                return Optional.of(answer);
            });
        } catch (JdbiException e) {
            if (e.getCause() instanceof SQLException sql && QUERY_CANCELED.equals(sql.getSQLState())) {
                throw e;
            }
            replica.failed();
            return Optional.empty();
        }
    }

    /** Asked over the connection that the read then uses: another may lead to another replica. */
    private boolean isReached(Handle handle, String position) {
        boolean isWorthWaiting = replica != null && replica.lag().compareTo(PATIENCE) <= 0;
        long deadline = System.nanoTime() + (isWorthWaiting ? PATIENCE.toNanos() : 0);
        while (true) {
            boolean reached = handle.createQuery("SELECT pg_last_wal_replay_lsn() >= ?::pg_lsn")
                    .bind(0, position)
                    .mapTo(Boolean.class)
                    .one();
            if (reached || System.nanoTime() - deadline >= 0) {
                return reached;
            }
            LockSupport.parkNanos(INTERVAL.toNanos());
        }
    }
}
