package dev.roster.host;

import com.codahale.metrics.health.HealthCheckRegistry;
import io.dropwizard.lifecycle.ServerLifecycleListener;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Server;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs one line when the node has started: its version, the addresses on which it listens, and whether it is ready. */
final class Announcement implements ServerLifecycleListener {
    private static final Logger LOGGER = LoggerFactory.getLogger(Announcement.class);

    private final HealthCheckRegistry checks;

    /** @param checks the node is ready while all are healthy */
    Announcement(HealthCheckRegistry checks) {
        this.checks = checks;
    }

    @Override
    public void serverStarted(Server server) {
        LOGGER.info("Roster {} {}: {}", Version.current(), state(), addresses(server));
    }

    private String state() {
        String unhealthy = checks.runHealthChecks().entrySet().stream()
                .filter(check -> !check.getValue().isHealthy())
                .map(check -> check.getKey() + ": " + check.getValue().getMessage())
                .collect(Collectors.joining(", "));
        return unhealthy.isEmpty() ? "is ready" : "has started, but is not ready (" + unhealthy + ")";
    }

    private static String addresses(Server server) {
        return Arrays.stream(server.getConnectors())
                .map(NetworkConnector.class::cast)
                .map(connector -> ("admin".equals(connector.getName()) ? "admin port " : "API ") + address(connector))
                .collect(Collectors.joining(", "));
    }

    private static String address(NetworkConnector connector) {
        String host = Objects.requireNonNullElse(connector.getHost(), "0.0.0.0");
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + connector.getLocalPort();
    }
}
