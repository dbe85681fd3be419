package dev.roster.query.replica;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.health.HealthCheck;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the replica: whether it can be read from, and how far behind it is. To be run every now and then. Always healthy,
 * since without it the primary is read: its message says what is so. Thread-safe.
 */
public final class Replica extends HealthCheck implements Runnable {
    /** How often to look. */
    public static final Duration INTERVAL = Duration.ofMillis(250);

    private static final Logger LOGGER = LoggerFactory.getLogger(Replica.class);

    private final Jdbi primary;
    private final Jdbi replica;
    private final ReplicaLag lag = new ReplicaLag();
    private volatile String trouble = "not asked yet";

    /** @param replica its connections, a pool of their own */
    public Replica(Jdbi primary, Jdbi replica, MetricRegistry metrics) {
        this.primary = primary;
        this.replica = replica;
        metrics.register("roster.replica.up", (Gauge<Boolean>) this::isUp);
        metrics.register(
                "roster.replica.lag", (Gauge<@Nullable Double>) () -> isUp() ? lag().toMillis() / 1000.0 : null);
    }

    /** Looks at both. A failure is told, and the next run looks again. */
    @Override
    public void run() {
        try {
            long nanos = System.nanoTime();
            Optional<Position> written = written(); // first: what comes later, the replica cannot have
            Position replayed = replica.withHandle(handle -> handle.createQuery("""
                            SELECT system_identifier AS cluster, pg_last_wal_replay_lsn() - '0/0' AS bytes
                              FROM pg_control_system()
                             WHERE pg_is_in_recovery()
                            """)
                    .map((row, context) -> new Position(row.getLong("cluster"), row.getLong("bytes")))
                    .findOne()
                    .orElse(null));
            if (replayed == null) {
                set("it is no replica");
            } else if (written.isPresent() && written.get().cluster() != replayed.cluster()) {
                set("it is no replica of DATABASE_URL");
            } else {
                written.ifPresent(position -> lag.observe(nanos, position.bytes(), replayed.bytes()));
                set("");
            }
        } catch (Throwable e) { // whatever it is, the next run must come
            LOGGER.debug("The replica", e);
            set("it does not answer");
        }
    }

    private Optional<Position> written() {
        try {
            return primary.withHandle(handle -> handle.createQuery("""
                            SELECT system_identifier AS cluster, pg_current_wal_flush_lsn() - '0/0' AS bytes
                              FROM pg_control_system()
                            """)
                    .map((row, context) -> new Position(row.getLong("cluster"), row.getLong("bytes")))
                    .findOne());
        } catch (JdbiException e) {
            return Optional.empty(); // the primary's own health check says so
        }
    }

    private void set(String newTrouble) {
        if (!newTrouble.equals(trouble)) {
            trouble = newTrouble;
            if (newTrouble.isEmpty()) {
                LOGGER.info("The replica is read from");
            } else {
                LOGGER.warn("The replica is not read from, but the primary: {}", newTrouble);
            }
        }
    }

    boolean isUp() {
        return trouble.isEmpty();
    }

    /** To be called where a read has failed: until the next look the primary is read. */
    void failed() {
        set("it has failed a read");
    }

    /** How far behind it is, as far as was seen. */
    Duration lag() {
        return lag.at(System.nanoTime());
    }

    @Override
    protected Result check() {
        return isUp()
                ? Result.healthy("read from, %d ms behind", lag().toMillis())
                : Result.healthy("not read from: %s", trouble);
    }

    /**
     * Where a server is in its log.
     *
     * @param cluster the same for a primary and its replicas
     */
    private record Position(long cluster, long bytes) {}
}
