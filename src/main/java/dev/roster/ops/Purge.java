package dev.roster.ops;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.health.HealthCheck;
import dev.roster.token.RevokedTokens;
import dev.roster.token.TokenBlocklist;
import java.util.function.IntUnaryOperator;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what no longer matters: revocations of tokens that have expired, and sessions. In small batches, each a
 * transaction of its own, so that no logout waits for it. Healthy while its last run succeeded. Thread-safe.
 */
public final class Purge extends HealthCheck implements Runnable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Purge.class);
    private static final int BATCH = 1000;

    private final Jdbi jdbi;
    private final Counter failures;
    private volatile String lastFailure = "";

    public Purge(Jdbi jdbi, MetricRegistry metrics) {
        this.jdbi = jdbi;
        this.failures = metrics.counter("roster.purge.failures");
    }

    /** Purges, and swallows no failure: it is logged, counted and shown, and the next run tries again. */
    @Override
    public void run() {
        try {
            purge();
            lastFailure = "";
        } catch (RuntimeException e) {
            failures.inc();
            lastFailure = e.getClass().getSimpleName();
            LOGGER.warn("The purge failed", e);
        }
    }

    /**
     * Purges all there is to purge.
     *
     * @return how many rows it deleted
     */
    public int purge() {
        long margin = RevokedTokens.MARGIN.toSeconds();
        return purgeAll(limit -> jdbi.withExtension(TokenBlocklist.class, blocklist -> blocklist.purge(margin, limit)))
                + purgeAll(limit -> jdbi.withHandle(handle -> handle.createUpdate("""
                                DELETE FROM sessions
                                 WHERE id IN (SELECT id
                                                FROM sessions
                                               WHERE expires_at < now() - make_interval(secs => :margin)
                                               ORDER BY expires_at
                                               LIMIT :limit
                                                 FOR UPDATE SKIP LOCKED)
                                """)
                        .bind("margin", margin)
                        .bind("limit", limit)
                        .execute()));
    }

    private static int purgeAll(IntUnaryOperator purgeBatch) {
        int total = 0;
        int last;
        do {
            last = purgeBatch.applyAsInt(BATCH);
            total += last;
        } while (last == BATCH);
        return total;
    }

    @Override
    protected Result check() {
        return lastFailure.isEmpty() ? Result.healthy() : Result.unhealthy("the last run failed: " + lastFailure);
    }
}
