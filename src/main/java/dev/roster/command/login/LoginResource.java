package dev.roster.command.login;

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

/** Logs people in. */
@Path("/api/v1/auth")
@Produces(MediaType.APPLICATION_JSON)
public final class LoginResource {
    private final LogInHandler logIn;

    public LoginResource(LogInHandler logIn) {
        this.logIn = logIn;
    }

    @POST
    @Path("/login")
    @Consumes(MediaType.APPLICATION_JSON)
    public void logIn(@Context HttpServletRequest request, @Suspended AsyncResponse response, LogIn command) {
        LaterAnswer.send(request, response, logIn.handle(command, RequestSource.of(request)));
    }
}
