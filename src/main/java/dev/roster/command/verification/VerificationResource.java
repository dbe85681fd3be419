package dev.roster.command.verification;

import dev.roster.http.EvenTime;
import dev.roster.http.LaterAnswer;
import dev.roster.http.RequestSource;
import dev.roster.http.UserResponses;
import dev.roster.token.AccessToken;
import dev.roster.token.BearerToken;
import dev.roster.token.TokenAuthenticator;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets people prove their address. Only a POST uses a token: programs follow links too. */
@Path("/api/v1/auth/verification")
@Produces(MediaType.APPLICATION_JSON)
public final class VerificationResource {
    private final RequestVerificationHandler request;
    private final ConfirmVerificationHandler confirm;
    private final TokenAuthenticator authenticator;

    VerificationResource(
            RequestVerificationHandler request, ConfirmVerificationHandler confirm, TokenAuthenticator authenticator) {
        this.request = request;
        this.confirm = confirm;
        this.authenticator = authenticator;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public void request(
            @Context HttpServletRequest servlet, @Suspended AsyncResponse response, RequestVerification command) {
        EvenTime time = new EvenTime();
        request.handle(command, RequestSource.of(servlet));
        LaterAnswer.send(servlet, response, time.delay(Response.accepted().build()));
    }

    @POST
    @Path("/confirm")
    @Consumes(MediaType.APPLICATION_JSON)
    public void confirm(
            @Context HttpServletRequest servlet,
            @Context ContainerRequestContext context,
            @Suspended AsyncResponse response,
            ConfirmVerification command) {
        AccessToken caller = caller(context.getHeaders().get(HttpHeaders.AUTHORIZATION));
        LaterAnswer.send(
                servlet,
                response,
                confirm.handle(command, caller, RequestSource.of(servlet))
                        .thenApply(created -> created.map(user -> UserResponses.created(user, context))
                                .orElseGet(() -> Response.noContent().build())));
    }

    /** The user who is logged in; null for a request without an access token, which needs none. */
    private @Nullable AccessToken caller(@Nullable List<String> authorization) {
        return authorization == null
                ? null
                : authenticator.authenticate(BearerToken.of(authorization)).orElse(null);
    }
}
