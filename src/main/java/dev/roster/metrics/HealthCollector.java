package dev.roster.metrics;

import com.codahale.metrics.health.HealthCheckRegistry;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;

/**
 * Shows the results of the health checks. A scrape waits for nothing: checks that ask the database run by themselves
 * and return their last result. Thread-safe.
 */
final class HealthCollector implements Collector {
    private final HealthCheckRegistry checks;

    HealthCollector(HealthCheckRegistry checks) {
        this.checks = checks;
    }

    @Override
    public MetricSnapshot collect() {
        var gauge = GaugeSnapshot.builder()
                .name("roster_healthcheck")
                .help("1 if a health check is healthy, 0 if not; the node is ready while all are healthy.");
        checks.runHealthChecks()
                .forEach((name, result) -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                        .labels(Labels.of("name", name))
                        .value(result.isHealthy() ? 1 : 0)
                        .build()));
        return gauge.build();
    }
}
