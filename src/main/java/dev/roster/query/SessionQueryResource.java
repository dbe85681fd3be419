package dev.roster.query;

import dev.roster.http.UserPath;
import dev.roster.query.replica.Reads;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.token.AccessToken;
import io.dropwizard.auth.Auth;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;

/** Lists the caller's own sessions. */
@Path("/api/v1/users")
@Produces(MediaType.APPLICATION_JSON)
public final class SessionQueryResource {
    private final Reads reads;
    private final UserReads users;

    public SessionQueryResource(Reads reads, UserReads users) {
        this.reads = reads;
        this.users = users;
    }

    @GET
    @Path(UserPath.SESSIONS)
    public Sessions list(
            @Auth AccessToken caller, @PathParam("id") UUID userId, @Context ContainerRequestContext request) {
        if (!userId.equals(caller.userId())) {
            throw users.find(request, userId).isPresent()
                    ? new RefusedException(Refusal.FORBIDDEN, "These sessions belong to another user.")
                    : new RefusedException(Refusal.NOT_FOUND, "There is no such user.");
        }
        return new Sessions(reads.read(
                request, handle -> handle.attach(SessionQueries.class).list(userId, caller.sessionId())));
    }

    /** The response body: an object, so that members can be added. */
    public record Sessions(List<Session> sessions) {}
}
