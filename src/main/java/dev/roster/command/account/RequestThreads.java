package dev.roster.command.account;

import dev.roster.database.pool.PoolClient;
import dev.roster.fair.FairPool;
import dev.roster.http.LaterAnswer;
import dev.roster.http.RequestSource;
import dev.roster.http.connection.IpAddress;
import dev.roster.http.trace.RequestContext;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/**
 * The threads on which requests that hash a password do everything else. Clients take turns at them, before anything
 * that all requests share is asked for. Between its parts, while it waits for a hash, a request occupies no thread.
 * Thread-safe.
 */
public final class RequestThreads implements AutoCloseable {
    /** Each may wait for a database connection, of which there are fewer. */
    private static final int THREADS = 96;

    /** Of a few statements. */
    private static final Duration EXPECTED = Duration.ofMillis(5);

    private final FairPool pool;

    /** @param maxWait how long a part of a request waits for its turn */
    public RequestThreads(Duration maxWait) {
        this.pool = new FairPool("accounts", THREADS, EXPECTED, maxWait);
    }

    /** For the parts of this thread's request. */
    public Parts partsOf(RequestSource source) {
        return new Parts(pool, IpAddress.network(source.ip()), RequestContext.current());
    }

    /** Refuses new parts. Those that were accepted still run. */
    @Override
    public void close() {
        pool.close();
    }

    /** The parts of one request, which run one after another. */
    public static final class Parts {
        private final FairPool pool;
        private final String client;
        private final RequestContext context;
        private boolean hasBegun;

        private Parts(FairPool pool, String client, RequestContext context) {
            this.pool = pool;
            this.client = client;
            this.context = context;
        }

        /** The client that takes turns with others. */
        public String client() {
            return client;
        }

        /**
         * Runs a part of the request: the first one when it is its client's turn, a later one before the first ones of
         * other requests. Otherwise a login could be refused after its hash.
         *
         * @return the result or exception of the part; {@code UNAVAILABLE} if it would wait too long for its turn, or
         *     if the request has been refused by now because it takes too long
         */
        public <T> CompletableFuture<T> run(Callable<T> part) {
            boolean isLater = hasBegun;
            hasBegun = true;
            long start = System.nanoTime();
            Callable<T> inContext = context.wrap(() -> {
                PoolClient request = PoolClient.current();
                request.waited(System.nanoTime() - start);
                if (request.isLate()) {
                    throw LaterAnswer.tooLate();
                }
                return part.call();
            });
            return isLater ? pool.runNext(client, inContext) : pool.run(client, inContext);
        }
    }
}
