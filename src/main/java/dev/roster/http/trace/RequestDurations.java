package dev.roster.http.trace;

import dev.roster.host.admin.AdminJersey;
import dev.roster.http.connection.BufferedResponse;
import dev.roster.http.connection.Connections;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;

/**
 * Measures every request to the API and to the operators' API, including those that Jetty answers itself, with the name
 * and labels of OpenTelemetry's semantic conventions for HTTP. Clients cannot add label values: an unmatched route is
 * empty, an unknown method is {@code _OTHER}. Thread-safe.
 */
public final class RequestDurations implements RequestLog {
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    /** The methods known to the conventions. */
    private static final Set<String> METHODS =
            Set.of("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE");

    private static final String OTHER = "_OTHER";
    private static final double[] UPPER_BOUNDS = {
        0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10
    };

    private final Histogram durations;

    public RequestDurations(PrometheusRegistry registry) {
        this.durations = Histogram.builder()
                .name("http_server_request_duration_seconds")
                .help("Duration of requests to both APIs, from the last byte of the request until the answer is made.")
                .labelNames("http_request_method", "http_route", "http_response_status_code")
                .classicOnly()
                .classicUpperBounds(UPPER_BOUNDS)
                .withoutExemplars()
                .register(registry);
    }

    @Override
    public void log(Request request, Response response) {
        if (isMeasured(request)) {
            Object route = request.getAttribute(RequestNotes.ROUTE);
            durations
                    .labelValues(
                            METHODS.contains(request.getMethod()) ? request.getMethod() : OTHER,
                            route == null ? "" : route.toString(),
                            Integer.toString(response.getStatus()))
                    .observe(nanos(request) / NANOS);
        }
    }

    private static boolean isMeasured(Request request) {
        String path = request.getHttpURI().getPath();
        return Connections.isApi(request.getConnectionMetaData().getConnector())
                || (path != null && AdminJersey.isApi(path));
    }

    private static long nanos(Request request) {
        return request.getAttribute(BufferedResponse.NANOS) instanceof Long nanos
                ? nanos
                : System.nanoTime() - request.getHeadersNanoTime();
    }
}
