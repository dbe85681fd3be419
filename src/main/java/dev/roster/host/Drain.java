package dev.roster.host;

import com.codahale.metrics.health.HealthCheck;
import io.dropwizard.health.ShutdownNotifier;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drains the node between the signal to stop and the stop. The node reports itself unready, so that load balancers send
 * no more requests. It still serves requests, and asks their clients to close the connection. Thread-safe.
 */
final class Drain extends HealthCheck implements ShutdownNotifier, ContainerResponseFilter {
    private static final Logger LOGGER = LoggerFactory.getLogger(Drain.class);

    private final Duration delay;
    private volatile boolean draining;

    /** @param delay how long it serves on */
    Drain(Duration delay) {
        this.delay = delay;
    }

    /** Returns when the node may stop. */
    @Override
    public void notifyShutdownStarted() throws InterruptedException {
        LOGGER.info("The node drains: not ready, stops in {} s", delay.toSeconds());
        draining = true;
        Thread.sleep(delay.toMillis());
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (draining) {
            response.getHeaders().putSingle("Connection", "close");
        }
    }

    @Override
    protected Result check() {
        return draining ? Result.unhealthy("shutting down") : Result.healthy();
    }
}
