package dev.roster.query.replica;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.Response;

/**
 * Adds {@code Consistency-Token-Lost: true} to the answer of a read whose token is of a write that may be lost; also if
 * the user is not found. Not to a failure of the service, which shows nothing.
 */
public final class ConsistencyTokenLostFilter implements ContainerResponseFilter {
    private static final String HEADER = "Consistency-Token-Lost";
    private static final String ATTRIBUTE = ConsistencyTokenLostFilter.class.getName();

    static void set(ContainerRequestContext request) {
        request.setProperty(ATTRIBUTE, true);
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (request.getProperty(ATTRIBUTE) != null
                && response.getStatusInfo().getFamily() != Response.Status.Family.SERVER_ERROR) {
            response.getHeaders().putSingle(HEADER, true);
        }
    }
}
