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
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.regex.Pattern;

/** Serves {@code GET /prometheus} on the admin port, in the text format of Prometheus or OpenMetrics, as it is asked for. */
public final class Prometheus {
    private static final Pattern PROTOBUF = Pattern.compile("application/vnd\\.google\\.protobuf[^,]*,?");

    private Prometheus() {}

    /**
     * Serves the metrics of a registry, and adds those of Dropwizard, the health checks and the JVM to it.
     *
     * @param version of this service
     */
    public static void register(Environment environment, PrometheusRegistry registry, String version) {
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
        environment.admin().addServlet("prometheus", new TextServlet(registry)).addMapping("/prometheus");
    }

    /** Reads over that a scraper takes protobuf, which the library has to be given a writer for, and is not. */
    private static final class TextServlet extends PrometheusMetricsServlet {
        private static final long serialVersionUID = 1;

        TextServlet(PrometheusRegistry registry) {
            super(registry);
        }

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            super.doGet(new TextRequest(request), response);
        }
    }

    private static final class TextRequest extends HttpServletRequestWrapper {
        TextRequest(HttpServletRequest request) {
            super(request);
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            List<String> values = Collections.list(super.getHeaders(name));
            if (name.equalsIgnoreCase(HttpHeaders.ACCEPT)) {
                values.replaceAll(value -> PROTOBUF.matcher(value).replaceAll(""));
            }
            return Collections.enumeration(values);
        }
    }
}
