package dev.roster.database.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roster.support.Poll;
import dev.roster.support.database.TestDatabase;
import io.prometheus.metrics.core.metrics.Counter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

/** R4: who gets a connection, who waits, and who is refused. The pool has one connection and three places to wait. */
@Timeout(60)
class PoolQueueIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final PGSimpleDataSource DATABASE = new PGSimpleDataSource();

    private final Counter refusals =
            Counter.builder().name("refusals").withoutExemplars().build();
    private final PoolQueue queue = queue(PATIENCE);
    private final List<String> order = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @BeforeAll
    static void connect() {
        TestDatabase database = TestDatabase.empty();
        DATABASE.setUrl(database.url());
        DATABASE.setUser(database.user());
        DATABASE.setPassword(database.password());
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void requestPastTheBoundIsRefusedAtOnce() throws Exception {
        Connection only = queue.openConnection();
        CompletableFuture<Void> waiting = request("a", 3);

        expectBusy("a");
        assertThat(refusals.get()).isEqualTo(1);

        queue.closeConnection(only);
        waiting.get(30, TimeUnit.SECONDS);
        assertThat(queue.waiting()).isZero();
        queue.closeConnection(queue.openConnection());
    }

    @Test
    void clientsTakeTurns() throws Exception {
        Connection only = queue.openConnection();
        CompletableFuture<Void> first = request("a", 2);
        CompletableFuture<Void> second = request("b", 1);

        queue.closeConnection(only);
        CompletableFuture.allOf(first, second).get(30, TimeUnit.SECONDS);

        assertThat(order).containsExactly("a", "b", "a");
    }

    @Test
    void clientWithMostPlacesGivesOneUp() throws Exception {
        Connection only = queue.openConnection();
        CompletableFuture<Void> first = request("a", 3);
        CompletableFuture<Void> second = request("b", 1);

        expectBusy("a");
        expectBusy("b"); // a has no more than one place more
        assertThat(queue.waiting()).isEqualTo(3);
        assertThat(refusals.get()).isEqualTo(3);

        queue.closeConnection(only);
        second.get(30, TimeUnit.SECONDS);
        assertThatThrownBy(() -> first.get(30, TimeUnit.SECONDS)).hasRootCauseInstanceOf(PoolBusyException.class);
        Poll.until("all served", PATIENCE, () -> order.size() == 3);
        assertThat(order).containsExactly("a", "b", "a");
    }

    @Test
    void requestThatComesBackIsServedBeforeNewOnes() throws Exception {
        new PoolClient(() -> "a").enter();
        queue.closeConnection(queue.openConnection());
        CompletableFuture<Connection> other = CompletableFuture.supplyAsync(this::open, threads);
        Connection only = other.get(30, TimeUnit.SECONDS);
        CompletableFuture<Void> waiting = request("b", 3);
        CompletableFuture<Void> release = CompletableFuture.runAsync(
                () -> {
                    Poll.until("a waits too", PATIENCE, () -> queue.waiting() == 4);
                    close(only);
                },
                threads);

        Connection again = queue.openConnection();

        assertThat(order).isEmpty();
        queue.closeConnection(again);
        PoolClient.leave();
        CompletableFuture.allOf(waiting, release).get(30, TimeUnit.SECONDS);
        assertThat(order).containsExactly("b", "b", "b");
    }

    @Test
    void requestThatHasWaitedTooLongGivesUp() throws Exception {
        PoolQueue impatient = queue(Duration.ofMillis(1));
        Connection only = impatient.openConnection();

        assertThatThrownBy(impatient::openConnection)
                .isInstanceOf(SQLTransientConnectionException.class)
                .hasMessage("No connection of the pool test was free within 1 ms");

        assertThat(impatient.waiting()).isZero();
        impatient.closeConnection(only);
        impatient.closeConnection(impatient.openConnection());
    }

    /** D1 */
    @Test
    void waitForAThreadCountsAgainstTheWaitForAConnection() throws Exception {
        Connection only = queue.openConnection();
        PoolClient late = new PoolClient(() -> "a");
        late.waited(PATIENCE.toNanos());
        late.enter();

        assertThatThrownBy(queue::openConnection).isInstanceOf(SQLTransientConnectionException.class);

        queue.closeConnection(only);
        queue.closeConnection(queue.openConnection());
        assertThat(late.waitedNanos()).as("counts for one connection").isZero();
        PoolClient.leave();
    }

    /** A read asks the replica first, and a stale node asks for the token first. */
    @Test
    void requestThatHasUsedAnotherPoolBeforeComesBackToBoth() throws Exception {
        PoolQueue other = queue(PATIENCE);
        PoolClient client = new PoolClient(() -> "a");
        client.enter();
        other.closeConnection(other.openConnection());
        queue.closeConnection(queue.openConnection());
        PoolClient.leave();

        assertThat(client.wasServed(other)).isTrue();
        assertThat(client.wasServed(queue)).isTrue();
        assertThat(client.wasServed(queue(PATIENCE))).isFalse();
    }

    @Test
    void failureToConnectFreesThePlace() throws Exception {
        PGSimpleDataSource wrong = new PGSimpleDataSource();
        wrong.setUrl("jdbc:postgresql://127.0.0.1:1/nothing");
        PoolQueue broken = new PoolQueue("test", wrong, 1, 3, PATIENCE, refusals);

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(broken::openConnection).isInstanceOf(SQLException.class);
        }
        assertThat(broken.waiting()).isZero();
    }

    private PoolQueue queue(Duration maxWait) {
        return new PoolQueue("test", DATABASE, 1, 3, maxWait, refusals);
    }

    /** Makes simultaneous requests of a client, each of which waits once this returns. */
    private CompletableFuture<Void> request(String client, int count) {
        CompletableFuture<?>[] requests = new CompletableFuture<?>[count];
        for (int i = 0; i < count; i++) {
            double before = queue.waiting() + refusals.get();
            requests[i] = CompletableFuture.runAsync(
                    () -> {
                        new PoolClient(() -> client).enter();
                        Connection connection = open();
                        order.add(client);
                        close(connection);
                    },
                    threads);
            Poll.until("it waits", PATIENCE, () -> queue.waiting() + refusals.get() == before + 1);
        }
        return CompletableFuture.allOf(requests);
    }

    private void expectBusy(String client) {
        CompletableFuture<Connection> refused = CompletableFuture.supplyAsync(
                () -> {
                    new PoolClient(() -> client).enter();
                    return open();
                },
                threads);
        assertThatThrownBy(() -> refused.get(30, TimeUnit.SECONDS)).hasRootCauseInstanceOf(PoolBusyException.class);
    }

    private Connection open() {
        try {
            return queue.openConnection();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } finally {
            PoolClient.leave();
        }
    }

    private void close(Connection connection) {
        try {
            queue.closeConnection(connection);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
