package dev.roster.database.pool;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;
import org.jspecify.annotations.Nullable;

/**
 * The queue in front of a pool. Each waiting request holds a server thread, so the queue is bounded: past the bound, a
 * request is refused at once. Clients take turns. If the queue is full, the client with the most waiting requests gives
 * up its newest place to a client with fewer, so that no client keeps the others out.
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

    /** The waiting turns of each client, oldest first. The first client is served next. */
    private final Map<String, Deque<Turn>> turns = new LinkedHashMap<>();

    /** The waiting turns of requests that have had a connection before, oldest first. They are served first. */
    private final Deque<Turn> returning = new ArrayDeque<>();

    private int waiting;

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
        Turn turn = takeOrQueue();
        if (turn != null) {
            await(turn);
        }
        try {
            Connection connection = pool.getConnection();
            PoolClient.served(this);
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
        return waiting + returning.size();
    }

    /** How many new requests may wait at once. */
    public int maxWaiting() {
        return maxWaiting;
    }

    /** Returns null if a connection is free. */
    private synchronized @Nullable Turn takeOrQueue() throws PoolBusyException {
        if (free > 0) {
            free--;
            return null;
        }
        String client = PoolClient.currentName();
        if (PoolClient.wasServed(this)) {
            Turn turn = new Turn(client);
            returning.add(turn);
            return turn;
        }
        if (waiting >= maxWaiting && !displaceBusiest(client)) {
            refusals.inc();
            throw new PoolBusyException(name);
        }
        Turn turn = new Turn(client);
        turns.computeIfAbsent(client, first -> new ArrayDeque<>()).add(turn);
        waiting++;
        return turn;
    }

    private boolean displaceBusiest(String client) {
        Deque<Turn> busiest = turns.values().stream()
                .max(Comparator.comparingInt(Deque::size))
                .orElseGet(ArrayDeque::new);
        int own = turns.getOrDefault(client, new ArrayDeque<>()).size();
        if (busiest.size() <= own + 1) {
            return false;
        }
        Turn newest = busiest.removeLast(); // another one stays: the client keeps its place among the clients
        waiting--;
        refusals.inc();
        newest.granted.complete(false);
        return true;
    }

    private void await(Turn turn) throws SQLException {
        boolean isGranted;
        try {
            isGranted = turn.granted.get(maxWait.toNanos(), TimeUnit.NANOSECONDS);
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
        if (returning.remove(turn)) {
            return true;
        }
        Deque<Turn> ofClient = turns.get(turn.client);
        if (ofClient == null || !ofClient.remove(turn)) {
            return false;
        }
        if (ofClient.isEmpty()) {
            turns.remove(turn.client);
        }
        waiting--;
        return true;
    }

    private synchronized void release() {
        if (!returning.isEmpty()) {
            returning.remove().granted.complete(true);
            return;
        }
        Iterator<Map.Entry<String, Deque<Turn>>> clients = turns.entrySet().iterator();
        if (!clients.hasNext()) {
            free++;
            return;
        }
        Map.Entry<String, Deque<Turn>> client = clients.next();
        clients.remove();
        Deque<Turn> ofClient = client.getValue();
        Turn next = ofClient.remove();
        if (!ofClient.isEmpty()) {
            turns.put(client.getKey(), ofClient); // behind the other clients
        }
        waiting--;
        next.granted.complete(true);
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
