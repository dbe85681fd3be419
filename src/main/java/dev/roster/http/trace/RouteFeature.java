package dev.roster.http.trace;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/**
 * Records the matched route and the caller of each request, for logs and metrics. Templates are made once, at startup.
 */
public final class RouteFeature implements DynamicFeature {
    private final String callerId;

    /** @param callerId the note for the caller's id */
    public RouteFeature(String callerId) {
        this.callerId = callerId;
    }

    @Override
    public void configure(ResourceInfo resource, FeatureContext context) {
        Path ofClass = resource.getResourceClass().getAnnotation(Path.class);
        Path ofMethod = resource.getResourceMethod().getAnnotation(Path.class);
        if (ofClass != null) { // null for Jersey's own resources, such as OPTIONS
            context.register(new RouteFilter(template(ofClass, ofMethod), callerId));
        }
    }

    /** Joins {@code /api/v1/users} and {@code {id: [^/]+}} to {@code /api/v1/users/{id}}. */
    private static String template(Path ofClass, @Nullable Path ofMethod) {
        String path = "/" + ofClass.value() + "/" + (ofMethod == null ? "" : ofMethod.value());
        return path.replaceAll("\\{\\s*([\\w.-]+)[^}]*}", "{$1}")
                .replaceAll("/{2,}", "/")
                .replaceAll("(?<=.)/$", "");
    }

    @Priority(Priorities.AUTHENTICATION - 1)
    private static final class RouteFilter implements ContainerRequestFilter, ContainerResponseFilter {
        private final String template;
        private final String callerId;

        RouteFilter(String template, String callerId) {
            this.template = template;
            this.callerId = callerId;
        }

        @Override
        public void filter(ContainerRequestContext request) {
            request.setProperty(RequestNotes.ROUTE, template);
        }

        @Override
        public void filter(ContainerRequestContext request, ContainerResponseContext response) {
            Principal caller = request.getSecurityContext().getUserPrincipal();
            if (caller != null) {
                request.setProperty(RequestNotes.CALLER, caller.getName());
                request.setProperty(callerId, caller.getName());
            }
        }
    }
}
