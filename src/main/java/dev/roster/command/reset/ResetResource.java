package dev.roster.command.reset;

import dev.roster.http.EvenTime;
import dev.roster.http.LaterAnswer;
import dev.roster.http.RequestSource;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Lets people who have forgotten their password set a new one. Only a POST uses a token: programs follow links too. */
@Path("/api/v1/auth/password-reset")
public final class ResetResource {
    private final RequestResetHandler request;
    private final ResetPasswordHandler reset;

    public ResetResource(RequestResetHandler request, ResetPasswordHandler reset) {
        this.request = request;
        this.reset = reset;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public void request(@Context HttpServletRequest servlet, @Suspended AsyncResponse response, RequestReset command) {
        EvenTime time = new EvenTime();
        request.handle(command, RequestSource.of(servlet));
        LaterAnswer.send(servlet, response, time.delay(Response.accepted().build()));
    }

    @POST
    @Path("/confirm")
    @Consumes(MediaType.APPLICATION_JSON)
    public void confirm(@Context HttpServletRequest servlet, @Suspended AsyncResponse response, ResetPassword command) {
        LaterAnswer.send(
                servlet,
                response,
                reset.handle(command, RequestSource.of(servlet))
                        .thenApply(id -> Response.noContent().build()));
    }
}
