package dev.roster.metrics;

import com.codahale.metrics.health.HealthCheckRegistry;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;

/**
 * Shows what {@code /healthcheck} says. That waits for nobody: those checks that ask the database do so by themselves every
 * now and then, and tell what they found last. Thread-safe.
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
                .help("Whether a health check is good, 1, or bad, 0; a node is ready while all are good.");
        checks.runHealthChecks()
                .forEach((name, result) -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                        .labels(Labels.of("name", name))
                        .value(result.isHealthy() ? 1 : 0)
                        .build()));
        return gauge.build();
    }
}
