package dev.roster.command.registration;

import dev.roster.http.LaterAnswer;
import dev.roster.http.RequestSource;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Stands in for {@link RegistrationResource} while people must prove their address before they are users. */
@Path("/api/v1/auth")
@Produces(MediaType.APPLICATION_JSON)
public final class PendingRegistrationResource {
    private static final Answer PENDING = new Answer("pending");

    private final RequestRegistrationHandler register;

    PendingRegistrationResource(RequestRegistrationHandler register) {
        this.register = register;
    }

    @POST
    @Path("/register")
    @Consumes(MediaType.APPLICATION_JSON)
    public void register(@Context HttpServletRequest request, @Suspended AsyncResponse response, RegisterUser command) {
        LaterAnswer.send(
                request,
                response,
                register.handle(command, RequestSource.of(request))
                        .thenApply(id -> Response.accepted(PENDING).build()));
    }

    /** The answer to every registration: it does not tell whether a user has the address. */
    public record Answer(String status) {}
}
