package dev.roster.database.pool;

import dev.roster.fair.FairQueue;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;
import org.jspecify.annotations.Nullable;

/**
 * The queue in front of a pool. Each waiting request holds a thread, so the queue is bounded: past the bound, a request
 * is refused at once. Clients take turns, as in every {@link FairQueue}.
 *
 * <p>A request that comes back for its next statement is neither refused nor behind new ones: otherwise a login could
 * fail after its hash, and a committed write could not tell its position. Few come back at once, because new ones are
 * served only while none of these waits.
 *
 * <p>Thread-safe.
 */
public final class PoolQueue implements ConnectionFactory {
    private final String name;
    private final DataSource pool;
    private final int maxWaiting;
    private final Duration maxWait;
    private final CounterDataPoint refusals;

    private final FairQueue<Turn> queue = new FairQueue<>(); // guarded by this

    /** Connections that nobody uses. If there are any, nobody waits. */
    private int free;

    /**
     * @param size the number of connections of the pool
     * @param maxWaiting the most requests that wait at once
     * @param maxWait the longest time that one waits
     * @param refusals counts the requests that are refused because of {@code maxWaiting}
     */
    public PoolQueue(
            String name, DataSource pool, int size, int maxWaiting, Duration maxWait, CounterDataPoint refusals) {
        this.name = name;
        this.pool = pool;
        this.free = size;
        this.maxWaiting = maxWaiting;
        this.maxWait = maxWait;
        this.refusals = refusals;
    }

    /**
     * Waits for a connection.
     *
     * @throws PoolBusyException without waiting, if too many requests wait; or if this one gives up its place
     * @throws SQLException if no connection is free in time, or the pool cannot connect
     */
    @Override
    public Connection openConnection() throws SQLException {
        PoolClient client = PoolClient.current();
        Turn turn = takeOrQueue(client);
        if (turn != null) {
            await(turn, maxWait.toNanos() - client.waitedNanos());
        }
        try {
            Connection connection = pool.getConnection();
            client.serve(this);
            return connection;
        } catch (Throwable e) {
            release();
            throw e;
        }
    }

    @Override
    public void closeConnection(Connection connection) throws SQLException {
        try {
            connection.close();
        } finally {
            release();
        }
    }

    /** How many requests wait for a connection. */
    public synchronized int waiting() {
        return queue.size();
    }

    /** How many new requests may wait at once. */
    public int maxWaiting() {
        return maxWaiting;
    }

    /** Returns null if a connection is free. */
    private synchronized @Nullable Turn takeOrQueue(PoolClient client) {
        if (free > 0) {
            free--;
            return null;
        }
        Turn turn = new Turn(client.name());
        if (client.wasServed(this)) {
            queue.addReturning(turn);
            return turn;
        }
        Turn loser = queue.offer(turn.client, turn, maxWaiting);
        if (loser != null) {
            refusals.inc();
            loser.granted.complete(false);
        }
        return turn;
    }

    private void await(Turn turn, long nanos) throws SQLException {
        boolean isGranted;
        try {
            isGranted = turn.granted.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            if (leave(turn)) {
                throw new SQLTransientConnectionException(
                        "No connection of the pool " + name + " was free within " + maxWait.toMillis() + " ms");
            }
            isGranted = turn.granted.join(); // its turn came, or it was displaced, at the last moment
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            if (!leave(turn) && turn.granted.join()) {
                release();
            }
            throw new SQLTransientConnectionException("Interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e); // nobody completes a turn with an exception
        }
        if (!isGranted) {
            throw new PoolBusyException(name);
        }
    }

    /** Returns whether the turn was still waiting. */
    private synchronized boolean leave(Turn turn) {
        return queue.remove(turn.client, turn);
    }

    private synchronized void release() {
        Turn next = queue.poll();
        if (next == null) {
            free++;
        } else {
            next.granted.complete(true);
        }
    }

    /** A waiting request. Its result is whether it gets a connection. */
    private static final class Turn {
        private final String client;
        private final CompletableFuture<Boolean> granted = new CompletableFuture<>();

        Turn(String client) {
            this.client = client;
        }
    }
}
