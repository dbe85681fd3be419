package dev.roster.query.replica;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
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
 * Reads from the replica where there is one, it is up, and it has all that the request asks for; else from the primary.
 * Nothing fails for want of a replica. Thread-safe.
 */
public final class Reads {
    /** For how long a read waits for the replica to reach the position that it asks for. */
    private static final Duration PATIENCE = Duration.ofMillis(100);

    private static final Duration INTERVAL = Duration.ofMillis(5);

    /** How many may wait so at once: each holds a connection, and the others are there for those who need not wait. */
    private static final int MAX_WAITING = 4;

    /** After which a silent replica is given up, in milliseconds: then there is time left to ask the primary. */
    private static final int SILENCE_MILLIS = 500;

    private final Jdbi primary;
    private final @Nullable Jdbi replicaReads;
    private final @Nullable Replica replica;
    private final Semaphore waiting = new Semaphore(MAX_WAITING);
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
     * @throws dev.roster.refusal.RefusedException where the request's {@code Consistency-Token} is none of ours
     */
    public <T> T read(ContainerRequestContext request, Function<Handle, T> query) {
        String position = ConsistencyToken.of(request);
        return readReplica(request, position, query).orElseGet(() -> readPrimary(query));
    }

    /** The same for one thing. That there is none is only true where the primary says so: it may be new. */
    public <T> Optional<T> find(ContainerRequestContext request, Function<Handle, Optional<T>> query) {
        String position = ConsistencyToken.of(request);
        return readReplica(request, position, handle -> query.apply(handle).orElse(null))
                .or(() -> readPrimary(query));
    }

    /** The same from the primary, whatever the request asks for. */
    public <T> T readPrimary(Function<Handle, T> query) {
        fromPrimary.inc();
        return primary.withHandle(query::apply);
    }

    /** Empty where the replica will not do, and where it has nothing. */
    private <T> Optional<T> readReplica(
            ContainerRequestContext request, @Nullable String position, Function<Handle, @Nullable T> query) {
        if (replicaReads == null
                || replica == null
                || !replica.isUp()
                || ConsistencyToken.PRIMARY_ALONE.equals(position)) {
            return Optional.empty();
        }
        try {
            Optional<T> answer = replicaReads.withHandle(handle -> {
                handle.getConnection().setNetworkTimeout(Runnable::run, SILENCE_MILLIS);
                return position == null || isReached(handle, position, replica)
                        ? Optional.ofNullable(query.apply(handle))
                        : Optional.empty();
            });
            if (answer.isPresent()) {
                ReplicaLagFilter.set(request, replica.lag());
                fromReplica.inc();
            }
            return answer;
        } catch (JdbiException | SQLException e) {
            if (isBroken(e)) {
                replica.failed();
            }
            return Optional.empty();
        }
    }

    /** Whether the connection has failed, and not only this read: it may have taken too long, or found no connection free. */
    private static boolean isBroken(Exception failure) {
        Throwable cause = failure instanceof SQLException ? failure : failure.getCause();
        return cause instanceof SQLException sql
                && sql.getSQLState() != null
                && (sql.getSQLState().startsWith("08") || sql.getSQLState().startsWith("57P"));
    }

    /** Asked over the connection that the read then uses: another may lead to another server, and that to a primary. */
    private boolean isReached(Handle handle, String position, Replica replica) {
        if (reaches(handle, position)) {
            return true;
        }
        if (replica.lag().compareTo(PATIENCE) > 0 || !waiting.tryAcquire()) {
            return false;
        }
        try {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            boolean reached = false;
            while (!reached && System.nanoTime() - deadline < 0) {
                LockSupport.parkNanos(INTERVAL.toNanos());
                reached = reaches(handle, position);
            }
            return reached;
        } finally {
            waiting.release();
        }
    }

    private static boolean reaches(Handle handle, String position) {
        return handle.createQuery("SELECT pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= ?::pg_lsn")
                .bind(0, position)
                .mapTo(Boolean.class)
                .one();
    }
}
