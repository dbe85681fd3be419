package dev.roster.query.replica;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import java.time.Duration;

/** Adds {@code Replica-Lag}, in whole seconds, to responses that were read from the replica. */
public final class ReplicaLagFilter implements ContainerResponseFilter {
    private static final String HEADER = "Replica-Lag";
    private static final String ATTRIBUTE = ReplicaLagFilter.class.getName();

    static void set(ContainerRequestContext request, Duration lag) {
        request.setProperty(ATTRIBUTE, lag);
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (request.getProperty(ATTRIBUTE) instanceof Duration lag) {
            response.getHeaders().putSingle(HEADER, Math.round(lag.toMillis() / 1000.0));
        }
    }
}
