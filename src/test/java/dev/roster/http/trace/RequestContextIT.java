package dev.roster.http.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.database.pool.PoolClient;
import dev.roster.database.pool.PoolQueue;
import dev.roster.support.Poll;
import dev.roster.support.database.TestDatabase;
import io.prometheus.metrics.core.metrics.Counter;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

/** What follows a request from thread to thread. */
@Timeout(60)
class RequestContextIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Counter refusals =
            Counter.builder().name("refusals").withoutExemplars().build();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    /** R4: otherwise a login could be refused after its hash, and a committed write could not tell its position. */
    @Test
    void requestThatHasHadAConnectionIsNotRefusedOneOnAnotherThread() throws Exception {
        PoolQueue queue = queueWithoutPlaces();
        new PoolClient(() -> "a").enter();
        queue.closeConnection(queue.openConnection());
        RequestContext context = RequestContext.current();
        PoolClient.leave();
        Connection only = queue.openConnection();

        Callable<Connection> next = context.wrap(queue::openConnection);
        Future<Connection> waiting = threads.submit(next);
        Poll.until("it waits", PATIENCE, () -> queue.waiting() == 1);
        queue.closeConnection(only);

        queue.closeConnection(waiting.get(30, TimeUnit.SECONDS));
        assertThat(refusals.get()).isZero();
    }

    /** A pool with one connection. New requests must not wait for it. */
    private PoolQueue queueWithoutPlaces() {
        TestDatabase database = TestDatabase.empty();
        PGSimpleDataSource pool = new PGSimpleDataSource();
        pool.setUrl(database.url());
        pool.setUser(database.user());
        pool.setPassword(database.password());
        return new PoolQueue("test", pool, 1, 0, PATIENCE, refusals);
    }
}
