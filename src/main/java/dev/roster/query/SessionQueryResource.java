package dev.roster.query;

import dev.roster.http.UserPath;
import dev.roster.http.condition.Preconditions;
import dev.roster.http.condition.Validators;
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
import jakarta.ws.rs.core.Response;
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
    public Response list(
            @Auth AccessToken caller, @PathParam("id") UserPath path, @Context ContainerRequestContext request) {
        UUID userId = path.id(caller.userId());
        if (!userId.equals(caller.userId())) {
            throw users.find(request, userId).isPresent()
                    ? new RefusedException(Refusal.FORBIDDEN, "These sessions belong to another user.")
                    : new RefusedException(Refusal.NOT_FOUND, "There is no such user.");
        }
        Sessions sessions = new Sessions(reads.read(
                request, handle -> handle.attach(SessionQueries.class).list(userId, caller.sessionId())));
        return Preconditions.of(request).isNotModified(Validators.NONE)
                ? Response.notModified().build()
                : Response.ok(sessions).build();
    }

    /** The response body: an object, so that members can be added. */
    public record Sessions(List<Session> sessions) {}
}
