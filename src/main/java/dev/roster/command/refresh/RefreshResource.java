package dev.roster.command.refresh;

import dev.roster.command.session.TokenPair;
import dev.roster.http.RequestSource;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;

/** Refreshes sessions. */
@Path("/api/v1/auth")
@Produces(MediaType.APPLICATION_JSON)
public final class RefreshResource {
    private final RefreshSessionHandler refresh;

    public RefreshResource(RefreshSessionHandler refresh) {
        this.refresh = refresh;
    }

    @POST
    @Path("/refresh")
    @Consumes(MediaType.APPLICATION_JSON)
    public TokenPair refresh(@Context HttpServletRequest request, RefreshSession command) {
        return refresh.handle(command, RequestSource.of(request));
    }
}
