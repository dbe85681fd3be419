package dev.roster.http.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Answers 405 to OPTIONS, like to any method that a route does not have. Jersey itself would answer 200. */
public final class OptionsFilter implements ContainerResponseFilter {
    @Context
    private HttpServletRequest request;

    @Override
    public void filter(ContainerRequestContext context, ContainerResponseContext response) {
        if (context.getMethod().equals(HttpMethod.OPTIONS) && response.getStatus() == 200) {
            Response refusal = Problems.methodNotAllowed(request, response.getAllowedMethods())
                    .build();
            response.setStatus(refusal.getStatus());
            response.setEntity(refusal.getEntity(), null, MediaType.valueOf(Problem.MEDIA_TYPE));
            // Set by Jersey for its own, empty answer.
            response.getHeaders().remove(HttpHeaders.CONTENT_LENGTH);
            response.getHeaders().putSingle(HttpHeaders.ALLOW, refusal.getHeaderString(HttpHeaders.ALLOW));
        }
    }
}
