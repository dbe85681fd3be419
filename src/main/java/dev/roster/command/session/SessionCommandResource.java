package dev.roster.command.session;

import dev.roster.http.RequestSource;
import dev.roster.http.UserPath;
import dev.roster.http.condition.Preconditions;
import dev.roster.token.AccessToken;
import io.dropwizard.auth.Auth;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import java.util.UUID;

/** Ends sessions of the caller. */
@Path("/api/v1/users")
public final class SessionCommandResource {
    private final EndSessionsHandler endSessions;

    public SessionCommandResource(EndSessionsHandler endSessions) {
        this.endSessions = endSessions;
    }

    @DELETE
    @Path(UserPath.SESSIONS)
    public void endAll(
            @Auth AccessToken caller,
            @PathParam("id") UserPath path,
            @Context HttpServletRequest request,
            @Context ContainerRequestContext context) {
        endSessions.handle(new EndSessions(
                caller, path.id(caller.userId()), null, Preconditions.of(context), RequestSource.of(request)));
    }

    @DELETE
    @Path(UserPath.SESSIONS + "/{sid}")
    public void end(
            @Auth AccessToken caller,
            @PathParam("id") UserPath path,
            @PathParam("sid") UUID sessionId,
            @Context HttpServletRequest request,
            @Context ContainerRequestContext context) {
        endSessions.handle(new EndSessions(
                caller, path.id(caller.userId()), sessionId, Preconditions.of(context), RequestSource.of(request)));
    }
}
