package dev.roster.query;

import dev.roster.http.UserPath;
import dev.roster.http.UserResponses;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.refusal.TokenFault;
import dev.roster.token.AccessToken;
import dev.roster.user.StoredUser;
import io.dropwizard.auth.Auth;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Reads users. */
@Path("/api/v1/users")
@Produces(MediaType.APPLICATION_JSON)
public final class UserQueryResource {
    private final UserReads users;

    public UserQueryResource(UserReads users) {
        this.users = users;
    }

    @GET
    @Path(UserPath.BY_ID)
    public Response get(
            @Auth AccessToken caller, @PathParam("id") UserPath path, @Context ContainerRequestContext request) {
        StoredUser stored = users.find(request, path.id(caller.userId()))
                .orElseThrow(() -> path.isMe()
                        ? caller.refused(TokenFault.UNKNOWN_USER)
                        : new RefusedException(Refusal.NOT_FOUND, "There is no such user."));
        return UserResponses.read(stored, caller.userId(), path.validators(stored, caller.userId()), request);
    }
}
