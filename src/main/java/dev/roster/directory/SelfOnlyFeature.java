package dev.roster.directory;

import dev.roster.id.Ids;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import java.security.Principal;

/**
 * Refuses every request below {@code /users} that concerns another user. Ids of other users and ids of nobody get the
 * same answer, and no statement runs, so nobody learns which ids exist.
 */
final class SelfOnlyFeature implements DynamicFeature {
    private static final String USERS = "/api/v1/users";

    @Override
    public void configure(ResourceInfo route, FeatureContext context) {
        Path path = route.getResourceClass().getAnnotation(Path.class);
        if (path != null && path.value().equals(USERS)) {
            context.register(new Filter());
        }
    }

    /** Runs after authentication, and before the body is read. */
    @Priority(Priorities.AUTHORIZATION)
    static final class Filter implements ContainerRequestFilter {
        @Override
        public void filter(ContainerRequestContext request) {
            Principal caller = request.getSecurityContext().getUserPrincipal();
            String user = request.getUriInfo().getPathParameters().getFirst("id");
            if (user == null) {
                throw new RefusedException(Refusal.FORBIDDEN, "This service lists no users.");
            }
            // A text that is not an id gets the usual answer.
            boolean isOneself = user.equals("me")
                    || Ids.parse(user)
                            .map(id -> id.toString().equals(caller.getName()))
                            .orElse(true);
            if (!isOneself) {
                throw new RefusedException(Refusal.FORBIDDEN, "Users see and change only their own account here.");
            }
        }
    }
}
