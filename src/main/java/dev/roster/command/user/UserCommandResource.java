package dev.roster.command.user;

import dev.roster.http.LaterAnswer;
import dev.roster.http.RequestSource;
import dev.roster.http.UserPath;
import dev.roster.http.UserResponses;
import dev.roster.http.condition.Preconditions;
import dev.roster.token.AccessToken;
import io.dropwizard.auth.Auth;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;

/** Changes and deletes the caller. */
@Path("/api/v1/users")
@Produces(MediaType.APPLICATION_JSON)
public final class UserCommandResource {
    private final UpdateUserHandler update;
    private final DeleteUserHandler delete;

    public UserCommandResource(UpdateUserHandler update, DeleteUserHandler delete) {
        this.update = update;
        this.delete = delete;
    }

    @PUT
    @Path(UserPath.BY_ID)
    @Consumes(MediaType.APPLICATION_JSON)
    public void update(
            @Auth AccessToken caller,
            @PathParam("id") UserPath path,
            @Context HttpServletRequest request,
            @Context ContainerRequestContext context,
            @Suspended AsyncResponse response,
            UserChanges changes) {
        UpdateUser command =
                new UpdateUser(caller, path, changes, Preconditions.of(context), RequestSource.of(request));
        LaterAnswer.send(
                request,
                response,
                update.handle(command).thenApply(user -> UserResponses.changed(user, path.ownValidators(user))));
    }

    @DELETE
    @Path(UserPath.BY_ID)
    @Produces(MediaType.WILDCARD)
    public void delete(
            @Auth AccessToken caller,
            @PathParam("id") UserPath path,
            @Context HttpServletRequest request,
            @Context ContainerRequestContext context) {
        delete.handle(new DeleteUser(caller, path, Preconditions.of(context), RequestSource.of(request)));
    }
}
