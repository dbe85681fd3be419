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
 * What a node does between the signal to end and its end: it says that it is not ready, so that load balancers send nobody
 * any more, and serves on for a while those whom they do send, over connections that it asks them to give up. Thread-safe.
 */
public final class Drain extends HealthCheck implements ShutdownNotifier, ContainerResponseFilter {
    private static final Logger LOGGER = LoggerFactory.getLogger(Drain.class);

    private final Duration delay;
    private volatile boolean draining;

    /** @param delay for how long */
    public Drain(Duration delay) {
        this.delay = delay;
    }

    /** Returns when it may end. */
    @Override
    public void notifyShutdownStarted() throws InterruptedException {
        LOGGER.info("Not ready any more; ends in {} s", delay.toSeconds());
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
