package dev.roster.metrics;

import dev.roster.host.Host;
import dev.roster.host.Room;
import dev.roster.host.Version;
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

/**
 * Serves {@code GET /prometheus} on the admin port, in the text format of Prometheus or OpenMetrics, and measures the
 * JVM and the health checks.
 */
public final class MetricsModule implements Room {
    private static final Pattern PROTOBUF = Pattern.compile("application/vnd\\.google\\.protobuf[^,]*,?");

    @Override
    public void plugInto(Host host) {
        PrometheusRegistry registry = host.metrics();
        registry.register(new HealthCollector(host.environment().healthChecks()));
        Info.builder()
                .name("roster_build_info")
                .help("The version of this service.")
                .labelNames("version")
                .register(registry)
                .setLabelValues(Version.current());
        JvmMemoryMetrics.builder().register(registry);
        JvmGarbageCollectorMetrics.builder().register(registry);
        JvmThreadsMetrics.builder().register(registry);
        JvmRuntimeInfoMetric.builder().register(registry);
        ProcessMetrics.builder().register(registry);
        host.environment()
                .admin()
                .addServlet("prometheus", new TextServlet(registry))
                .addMapping("/prometheus");
    }

    /** Ignores that a scraper accepts protobuf. The writer for it would add 2 MB to the jar. */
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
