package dev.roster.query.replica;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.Context;
import java.time.Duration;

/** Tells of an answer that comes from the replica how far behind that is: {@code Replica-Lag}, in whole seconds. */
public final class ReplicaLagFilter implements ContainerResponseFilter {
    private static final String HEADER = "Replica-Lag";
    private static final String ATTRIBUTE = ReplicaLagFilter.class.getName();

    @Context
    private HttpServletRequest request;

    static void set(HttpServletRequest request, Duration lag) {
        request.setAttribute(ATTRIBUTE, lag);
    }

    @Override
    public void filter(ContainerRequestContext context, ContainerResponseContext response) {
        if (request.getAttribute(ATTRIBUTE) instanceof Duration lag) {
            response.getHeaders().putSingle(HEADER, Math.round(lag.toMillis() / 1000.0));
        }
    }
}
