package dev.roster.query.replica;

import com.codahale.metrics.health.HealthCheck;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the replica: whether it can be used, and how far it is behind. Run it every {@link #INTERVAL}. The health
 * check is always healthy, because reads fall back to the primary; its message reports the replica's state.
 * Thread-safe.
 */
public final class Replica extends HealthCheck implements Runnable {
    public static final Duration INTERVAL = Duration.ofMillis(250);

    private static final Logger LOGGER = LoggerFactory.getLogger(Replica.class);

    private final Jdbi primary;
    private final Jdbi replica;
    private final ReplicaLag lag = new ReplicaLag();

    /** The timeline of the positions in {@code lag}; only for the thread that runs this. */
    private int timeline;

    /** Why the replica is not used; empty while it is. */
    private volatile String trouble = "not checked yet";

    /** @param replica the connections to the replica, a pool of its own */
    public Replica(Jdbi primary, Jdbi replica, PrometheusRegistry metrics) {
        this.primary = primary;
        this.replica = replica;
        GaugeWithCallback.builder()
                .name("roster_replica_up")
                .help("Whether the replica is used for reads: 1 or 0. Absent without a replica.")
                .callback(up -> up.call(isUp() ? 1 : 0))
                .register(metrics);
        GaugeWithCallback.builder()
                .name("roster_replica_lag_seconds")
                .help("How far the replica is behind the primary. Absent while the replica is not used.")
                .callback(seconds -> {
                    if (isUp()) {
                        seconds.call(lag().toMillis() / 1000.0);
                    }
                })
                .register(metrics);
    }

    /** Compares the positions of both servers. If that fails, the replica is not used until a later run succeeds. */
    @Override
    public void run() {
        try {
            long nanos = System.nanoTime();
            Optional<Position> written = written(); // first: the replica cannot have what is written later
            Position replayed = replica.withHandle(handle -> handle.createQuery("""
                            SELECT system_identifier AS cluster, pg_last_wal_replay_lsn() - '0/0' AS bytes,
                                   (SELECT coalesce(max(timeline), 0) FROM epochs) AS timeline
                              FROM pg_control_system()
                             WHERE pg_is_in_recovery()
                            """)
                    .map((row, context) -> Position.read(row))
                    .findOne()
                    .orElse(null));
            if (replayed == null) {
                set("it is not a replica");
            } else if (written.isPresent() && written.get().cluster() != replayed.cluster()) {
                set("it is not a replica of DATABASE_URL");
            } else if (written.isPresent() && written.get().timeline() > replayed.timeline()) {
                set("it does not follow the new primary yet");
            } else {
                written.ifPresent(position -> observe(nanos, position, replayed));
                set("");
            }
        } catch (Throwable e) { // on any failure, the next run must still come
            LOGGER.debug("Checking the replica failed", e);
            set("it does not answer");
        }
    }

    private void observe(long nanos, Position written, Position replayed) {
        if (written.timeline() != timeline) {
            timeline = written.timeline();
            lag.clear(); // the earlier primary may have been ahead of this one
        }
        lag.observe(nanos, written.bytes(), replayed.bytes());
    }

    private Optional<Position> written() {
        try {
            return primary.withHandle(handle -> handle.createQuery("""
                            SELECT system_identifier AS cluster, pg_current_wal_flush_lsn() - '0/0' AS bytes,
                                   (SELECT coalesce(max(timeline), 0) FROM epochs) AS timeline
                              FROM pg_control_system()
                            """)
                    .map((row, context) -> Position.read(row))
                    .findOne());
        } catch (JdbiException e) {
            return Optional.empty(); // reported by the primary's own health check
        }
    }

    private void set(String newTrouble) {
        if (!newTrouble.equals(trouble)) {
            trouble = newTrouble;
            if (newTrouble.isEmpty()) {
                LOGGER.info("Reading from the replica");
            } else {
                LOGGER.warn("Reading from the primary instead of the replica: {}", newTrouble);
            }
        }
    }

    boolean isUp() {
        return trouble.isEmpty();
    }

    /** Reports a broken connection: reads use the primary until the next run. */
    void failed() {
        set("a read failed");
    }

    /** How far the replica is behind, as last observed. */
    Duration lag() {
        return lag.at(System.nanoTime());
    }

    @Override
    protected Result check() {
        return isUp()
                ? Result.healthy("in use, %d ms behind", lag().toMillis())
                : Result.healthy("not in use: %s", trouble);
    }

    /**
     * A server's position in its write-ahead log.
     *
     * @param cluster the same for a primary and its replicas
     * @param timeline the latest that the server knows to be a primary's; 0 if it knows none
     */
    private record Position(long cluster, long bytes, int timeline) {
        static Position read(ResultSet row) throws SQLException {
            return new Position(row.getLong("cluster"), row.getLong("bytes"), row.getInt("timeline"));
        }
    }
}
