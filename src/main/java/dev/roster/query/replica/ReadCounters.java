package dev.roster.query.replica;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/**
 * Counts reads by the database that answered them.
 *
 * @param primary reads from the primary
 * @param replica reads from the replica
 */
public record ReadCounters(CounterDataPoint primary, CounterDataPoint replica) {

    public static ReadCounters register(PrometheusRegistry metrics) {
        Counter reads = Counter.builder()
                .name("roster_reads")
                .help("Queries sent to the primary, or answered by the replica. Cache hits are not counted.")
                .labelNames("source")
                .withoutExemplars()
                .register(metrics);
        return new ReadCounters(reads.labelValues("primary"), reads.labelValues("replica"));
    }
}
