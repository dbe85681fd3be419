package dev.roster.metrics;

import io.dropwizard.core.setup.Environment;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.exporter.servlet.jakarta.PrometheusMetricsServlet;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmRuntimeInfoMetric;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** Serves {@code GET /prometheus} on the admin port, in the text format of Prometheus or OpenMetrics, as it is asked for. */
public final class Prometheus {
    private Prometheus() {}

    /**
     * Registers it, and all that it shows but what is made by itself.
     *
     * @param version of this service
     * @return where what is made by itself is to be registered
     */
    public static PrometheusRegistry register(Environment environment, String version) {
        PrometheusRegistry registry = new PrometheusRegistry();
        registry.register(new RegistryCollector(environment.metrics()));
        registry.register(new HealthCollector(environment.healthChecks()));
        Info.builder()
                .name("roster_build_info")
                .help("Which version this is.")
                .labelNames("version")
                .register(registry)
                .setLabelValues(version);
        JvmMemoryMetrics.builder().register(registry);
        JvmGarbageCollectorMetrics.builder().register(registry);
        JvmThreadsMetrics.builder().register(registry);
        JvmRuntimeInfoMetric.builder().register(registry);
        ProcessMetrics.builder().register(registry);
        environment
                .admin()
                .addServlet("prometheus", new PrometheusMetricsServlet(registry))
                .addMapping("/prometheus");
        return registry;
    }
}
