package dev.roster.revocation;

import dev.roster.feed.EpochAction;
import dev.roster.revocation.RecentRevocations.Known;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes again what a new primary lacks of the revocations that this node knows, and ends the sessions that are back.
 * With asynchronous replication, a server may take over before it has received the last commits of its predecessor.
 *
 * <p>It writes nothing to the audit trail: what somebody did is lost with its transaction, and this node knows neither
 * the actor nor the request.
 */
final class WriteBack implements EpochAction {
    private static final Logger LOGGER = LoggerFactory.getLogger(WriteBack.class);
    private static final int LOOK_UP = 2_000;

    /** Rows in one transaction: few, because requests may wait for its locks. */
    private static final int BATCH = 200;

    private final RecentRevocations recent;
    private final Counter restored;

    WriteBack(RecentRevocations recent, PrometheusRegistry metrics) {
        this.recent = recent;
        this.restored = Counter.builder()
                .name("roster_revocations_restored")
                .help("Revocations that a new primary had lost, and that this node has written again.")
                .withoutExemplars()
                .register(metrics);
    }

    @Override
    public void run(Connection connection, Runnable progress) throws SQLException {
        LostRevocations lost = new LostRevocations(connection);
        List<Known> known = recent.list();
        int count = 0;
        for (List<Known> some : parts(known, LOOK_UP)) {
            for (List<Known> batch : parts(lost.find(some), BATCH)) {
                progress.run();
                count += count(lost.restore(batch));
            }
            progress.run();
        }
        AllRevoked all = recent.all().orElse(null);
        if (all != null) {
            count += count(new LostEnding(connection).restore(all, progress));
        }
        int remembered = known.size() + (all == null ? 0 : 1);
        if (count == 0) {
            LOGGER.info("The new primary has all {} revocations that this node remembers", remembered);
        } else {
            LOGGER.warn(
                    "SECURITY revocations_restored: wrote {} of {} revocations of the last hour again, because the new"
                            + " primary lacked them",
                    count,
                    remembered);
        }
    }

    private int count(int rows) {
        restored.inc(rows);
        return rows;
    }

    private static <T> List<List<T>> parts(List<T> list, int size) {
        return IntStream.range(0, (list.size() + size - 1) / size)
                .mapToObj(i -> list.subList(i * size, Math.min(list.size(), (i + 1) * size)))
                .toList();
    }
}
