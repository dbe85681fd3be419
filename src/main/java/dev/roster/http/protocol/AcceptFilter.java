package dev.roster.http.protocol;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Removes empty elements from {@code Accept}, which recipients ignore (RFC 9110, section 5.6.1.2). */
@PreMatching
public final class AcceptFilter implements ContainerRequestFilter {
    @Override
    public void filter(ContainerRequestContext request) {
        String accept = request.getHeaderString(HttpHeaders.ACCEPT);
        if (accept == null || (!accept.isBlank() && accept.indexOf(',') < 0)) {
            return;
        }
        String elements = Arrays.stream(accept.split(","))
                .filter(element -> !element.isBlank())
                .collect(Collectors.joining(","));
        if (elements.isEmpty()) {
            request.getHeaders().remove(HttpHeaders.ACCEPT);
        } else {
            request.getHeaders().putSingle(HttpHeaders.ACCEPT, elements);
        }
    }
}
