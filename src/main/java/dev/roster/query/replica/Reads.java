package dev.roster.query.replica;

import dev.roster.http.ConsistencyToken;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * Reads from the replica if it is up and has replayed the position in the request's {@code Consistency-Token}, on its
 * timeline; otherwise from the primary. A failing replica fails no request. Thread-safe.
 */
public final class Reads {
    /** The maximum time that a read waits for the replica to replay the requested position. */
    private static final Duration MAX_WAIT = Duration.ofMillis(100);

    private static final Duration POLL_INTERVAL = Duration.ofMillis(5);

    /** The maximum number of waiting reads. Each holds a connection; the others serve reads that need not wait. */
    private static final int MAX_WAITING = 4;

    /** The network timeout of the replica, in milliseconds. It leaves time to ask the primary. */
    private static final int REPLICA_TIMEOUT_MILLIS = 500;

    private final Jdbi primary;
    private final @Nullable Jdbi replicaReads;
    private final @Nullable Replica replica;
    private final LostWrites lost;
    private final ReadCounters counters;
    private final Semaphore waiting = new Semaphore(MAX_WAITING);

    /** Creates reads without a replica. */
    public Reads(Jdbi primary, LostWrites lost, ReadCounters counters) {
        this(primary, null, null, lost, counters);
    }

    /**
     * @param replicaReads the connections to the replica for these reads; null if there is no replica
     * @param replica the state of the replica; null if there is no replica
     */
    public Reads(
            Jdbi primary,
            @Nullable Jdbi replicaReads,
            @Nullable Replica replica,
            LostWrites lost,
            ReadCounters counters) {
        this.primary = primary;
        this.replicaReads = replicaReads;
        this.replica = replica;
        this.lost = lost;
        this.counters = counters;
    }

    /**
     * Returns the result of a query.
     *
     * @throws dev.roster.refusal.RefusedException if the request's {@code Consistency-Token} is malformed
     */
    public <T> T read(ContainerRequestContext request, Function<Handle, T> query) {
        ConsistencyToken token = ConsistencyToken.of(request);
        return readReplica(request, token, query).orElseGet(() -> readPrimary(request, query));
    }

    /**
     * Returns the one row of a query. If the replica has none, the primary is asked: the row may be new.
     *
     * @throws dev.roster.refusal.RefusedException if the request's {@code Consistency-Token} is malformed
     */
    public <T> Optional<T> find(ContainerRequestContext request, Function<Handle, Optional<T>> query) {
        ConsistencyToken token = ConsistencyToken.of(request);
        return readReplica(request, token, handle -> query.apply(handle).orElse(null))
                .or(() -> readPrimary(request, query));
    }

    /**
     * Returns the result of a query on the primary.
     *
     * @throws dev.roster.refusal.RefusedException if the request's {@code Consistency-Token} is malformed
     */
    public <T> T readPrimary(ContainerRequestContext request, Function<Handle, T> query) {
        ConsistencyToken token = ConsistencyToken.of(request);
        return readPrimary(handle -> {
            if (token != null) {
                lost.note(request, token, handle);
            }
            return query.apply(handle);
        });
    }

    /** Returns the result of a query on the primary, for no request in particular. */
    public <T> T readPrimary(Function<Handle, T> query) {
        counters.primary().inc();
        return primary.withHandle(query::apply);
    }

    /** Returns empty if the replica cannot be used, or has no result. */
    private <T> Optional<T> readReplica(
            ContainerRequestContext request, @Nullable ConsistencyToken token, Function<Handle, @Nullable T> query) {
        if (replicaReads == null
                || replica == null
                || !replica.isUp()
                || (token != null && !lost.isOnTimeline(token))) {
            return Optional.empty();
        }
        try {
            Optional<T> answer = replicaReads.withHandle(handle -> {
                handle.getConnection().setNetworkTimeout(Runnable::run, REPLICA_TIMEOUT_MILLIS);
                return token == null || awaitReplay(handle, token, replica)
                        ? Optional.ofNullable(query.apply(handle))
                        : Optional.empty();
            });
            if (answer.isPresent()) {
                ReplicaLagFilter.set(request, replica.lag());
                counters.replica().inc();
            }
            return answer;
        } catch (JdbiException | SQLException e) {
            if (isBroken(e)) {
                replica.failed();
            }
            return Optional.empty();
        }
    }

    /** Whether the connection failed. A timed-out statement or an exhausted pool says nothing about the replica. */
    private static boolean isBroken(Exception failure) {
        Throwable cause = failure instanceof SQLException ? failure : failure.getCause();
        return cause instanceof SQLException sql
                && sql.getSQLState() != null
                && (sql.getSQLState().startsWith("08") || sql.getSQLState().startsWith("57P"));
    }

    /** Asks on the connection that the read will use: another connection may lead to another server, even a primary. */
    private boolean awaitReplay(Handle handle, ConsistencyToken token, Replica replica) {
        if (hasReplayed(handle, token)) {
            return true;
        }
        if (replica.lag().compareTo(MAX_WAIT) > 0 || !waiting.tryAcquire()) {
            return false;
        }
        try {
            long deadline = System.nanoTime() + MAX_WAIT.toNanos();
            boolean replayed = false;
            while (!replayed && System.nanoTime() - deadline < 0) {
                LockSupport.parkNanos(POLL_INTERVAL.toNanos());
                replayed = hasReplayed(handle, token);
            }
            return replayed;
        } finally {
            waiting.release();
        }
    }

    /** A replica that has the row of the token's timeline follows it. */
    private static boolean hasReplayed(Handle handle, ConsistencyToken token) {
        return handle.createQuery("""
                        SELECT pg_is_in_recovery()
                               AND pg_last_wal_replay_lsn() >= :position::pg_lsn
                               AND coalesce((SELECT max(timeline) FROM epochs) = :timeline, false)
                        """).bindMethods(token).mapTo(Boolean.class).one();
    }
}
