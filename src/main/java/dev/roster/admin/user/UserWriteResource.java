package dev.roster.admin.user;

import dev.roster.admin.access.OperatorRequests;
import dev.roster.admin.access.RequiresScope;
import dev.roster.apikey.Scope;
import dev.roster.http.LaterAnswer;
import dev.roster.http.RelativeReference;
import dev.roster.http.UserResponses;
import dev.roster.http.condition.Preconditions;
import dev.roster.http.condition.Validators;
import dev.roster.operator.UserAdministration;
import dev.roster.operator.UserEdit;
import dev.roster.operator.UserReference;
import dev.roster.operator.WantedUser;
import dev.roster.query.OperatorUser;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;

/** Creates, changes and deletes users. */
@Path("/admin/v1/users")
@Produces(MediaType.APPLICATION_JSON)
public final class UserWriteResource {
    private static final String BY_ID = "/{id}";

    private final UserAdministration users;

    public UserWriteResource(UserAdministration users) {
        this.users = users;
    }

    @POST
    @RequiresScope(Scope.USERS_WRITE)
    @Consumes(MediaType.APPLICATION_JSON)
    public void create(
            @Context HttpServletRequest request,
            @Context ContainerRequestContext context,
            @Suspended AsyncResponse response,
            WantedUser user) {
        LaterAnswer.send(
                request,
                response,
                users.createLater(OperatorRequests.of(context), user).thenApply(created -> {
                    String location = RelativeReference.to(
                            "/admin/v1/users/" + created.user().id(), context);
                    return UserResponses.created(created, Validators.of(created.stored()), location);
                }));
    }

    @PUT
    @Path(BY_ID)
    @RequiresScope(Scope.USERS_WRITE)
    @Consumes(MediaType.APPLICATION_JSON)
    public void update(
            @PathParam("id") UUID id,
            @Context HttpServletRequest request,
            @Context ContainerRequestContext context,
            @Suspended AsyncResponse response,
            UserEdit edit) {
        Preconditions preconditions = Preconditions.ofVersion(context);
        LaterAnswer.send(
                request,
                response,
                users.editing()
                        .editLater(
                                OperatorRequests.of(context),
                                id,
                                edit,
                                stored -> preconditions.require(Validators.of(stored)))
                        .thenApply(UserWriteResource::changed));
    }

    @DELETE
    @Path(BY_ID)
    @RequiresScope(Scope.USERS_DELETE)
    @Produces(MediaType.WILDCARD)
    public void delete(@PathParam("id") UUID id, @Context ContainerRequestContext context) {
        Preconditions preconditions = Preconditions.ofVersion(context);
        UUID unused = users.delete(
                OperatorRequests.of(context),
                UserReference.of(id),
                stored -> preconditions.require(Validators.of(stored)));
    }

    static Response changed(OperatorUser user) {
        return UserResponses.changed(user, Validators.of(user.stored()));
    }
}
