package dev.roster.command.registration;

import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import jakarta.annotation.Priority;
import jakarta.ws.rs.NameBinding;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Stands in for {@link RegistrationResource} while registration is closed. The refusal does not depend on the body, and
 * costs neither a hash nor a statement.
 */
@Path("/api/v1/auth")
public final class ClosedRegistrationResource {

    /** {@link Refuse} answers every request before this method is called. */
    @POST
    @Path("/register")
    @Closed
    @SuppressWarnings("DoNotCallSuggester") // Jersey calls it
    public void register() {
        throw refusal();
    }

    private static RefusedException refusal() {
        return new RefusedException(Refusal.REGISTRATION_CLOSED, "Users cannot register themselves here.");
    }

    /** Marks the closed route. */
    @NameBinding
    @Target({ElementType.TYPE, ElementType.METHOD})
    @Retention(RetentionPolicy.RUNTIME)
    @interface Closed {}

    /** Runs before the filter that refuses bodies by their type, coding and size. */
    @Closed
    @Priority(100)
    static final class Refuse implements ContainerRequestFilter {
        @Override
        public void filter(ContainerRequestContext request) {
            throw refusal();
        }
    }
}
