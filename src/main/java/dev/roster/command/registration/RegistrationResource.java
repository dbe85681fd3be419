package dev.roster.command.registration;

import dev.roster.http.LaterAnswer;
import dev.roster.http.RequestSource;
import dev.roster.http.UserResponses;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;

/** Registers users. */
@Path("/api/v1/auth")
@Produces(MediaType.APPLICATION_JSON)
public final class RegistrationResource {
    private final RegisterUserHandler register;

    public RegistrationResource(RegisterUserHandler register) {
        this.register = register;
    }

    @POST
    @Path("/register")
    @Consumes(MediaType.APPLICATION_JSON)
    public void register(
            @Context HttpServletRequest request,
            @Context ContainerRequestContext context,
            @Suspended AsyncResponse response,
            RegisterUser command) {
        LaterAnswer.send(
                request,
                response,
                register.handle(command, RequestSource.of(request))
                        .thenApply(user -> UserResponses.created(user, context)));
    }
}
