package dev.roster.query;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Counts users and open sessions for the metrics: exactly up to a maximum, and beyond it by PostgreSQL's estimate. So a
 * count is fast in large tables, too. Thread-safe.
 */
final class Population implements Runnable {
    static final Duration INTERVAL = Duration.ofMinutes(5);

    /** The largest exact count. */
    static final int MAX_COUNTED = 100_000;

    private final Jdbi jdbi;
    private final int maxCounted;
    private volatile @Nullable Long users;
    private volatile @Nullable Long sessions;

    Population(Jdbi jdbi, int maxCounted, PrometheusRegistry metrics) {
        this.jdbi = jdbi;
        this.maxCounted = maxCounted;
        GaugeWithCallback.builder()
                .name("roster_users")
                .help("Users in the database, counted every 5 minutes; above 100000, PostgreSQL's estimate.")
                .callback(gauge -> show(gauge, users))
                .register(metrics);
        GaugeWithCallback.builder()
                .name("roster_sessions")
                .help("Open sessions in the database, counted every 5 minutes; above 100000, PostgreSQL's estimate.")
                .callback(gauge -> show(gauge, sessions))
                .register(metrics);
    }

    private static void show(GaugeWithCallback.Callback gauge, @Nullable Long count) {
        if (count != null) {
            gauge.call(count);
        }
    }

    @Override
    public void run() {
        users = count("users", "true");
        sessions = count("sessions", "expires_at > now()");
    }

    private long count(String table, String condition) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT CASE WHEN count(*) <= :max THEN count(*)
                                    ELSE greatest(count(*), (SELECT reltuples::bigint
                                                               FROM pg_class
                                                              WHERE oid = CAST(:table AS regclass)))
                               END
                          FROM (SELECT FROM <table> WHERE <condition> LIMIT :max + 1) AS counted
                        """)
                .define("table", table)
                .define("condition", condition)
                .bind("table", table)
                .bind("max", maxCounted)
                .mapTo(Long.class)
                .one());
    }
}
