package dev.roster.admin.user;

import dev.roster.admin.access.OperatorRequests;
import dev.roster.admin.access.RequiresScope;
import dev.roster.apikey.Scope;
import dev.roster.http.condition.Preconditions;
import dev.roster.operator.UserAccess.Disabling;
import dev.roster.operator.UserAdministration;
import dev.roster.operator.UserReference;
import dev.roster.query.OperatorUser;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;

/** Decides who may log in, and ends sessions. */
@Path("/admin/v1/users")
public final class UserAccessResource {
    private final UserAdministration users;

    public UserAccessResource(UserAdministration users) {
        this.users = users;
    }

    @POST
    @Path("/{id}/disable")
    @RequiresScope(Scope.USERS_WRITE)
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public Response disable(@PathParam("id") UUID id, @Context ContainerRequestContext context, Disabling disabling) {
        return UserWriteResource.changed(
                users.access().disable(OperatorRequests.of(context), UserReference.of(id), disabling.until()));
    }

    @POST
    @Path("/{id}/enable")
    @RequiresScope(Scope.USERS_WRITE)
    @Produces(MediaType.APPLICATION_JSON)
    public Response enable(@PathParam("id") UUID id, @Context ContainerRequestContext context) {
        return UserWriteResource.changed(users.access().enable(OperatorRequests.of(context), UserReference.of(id)));
    }

    @POST
    @Path("/{id}/password-reset")
    @RequiresScope(Scope.USERS_WRITE)
    public void requirePasswordReset(@PathParam("id") UUID id, @Context ContainerRequestContext context) {
        OperatorUser unused = users.access().requirePasswordReset(OperatorRequests.of(context), UserReference.of(id));
    }

    @DELETE
    @Path("/{id}/sessions")
    @RequiresScope(Scope.SESSIONS_WRITE)
    public void endSessions(@PathParam("id") UUID id, @Context ContainerRequestContext context) {
        var unused = users.endSessions(OperatorRequests.of(context), UserReference.of(id), Preconditions.of(context));
    }

    @DELETE
    @Path("/{id}/sessions/{sid}")
    @RequiresScope(Scope.SESSIONS_WRITE)
    public void endSession(
            @PathParam("id") UUID id, @PathParam("sid") UUID sessionId, @Context ContainerRequestContext context) {
        users.endSession(OperatorRequests.of(context), id, sessionId, Preconditions.of(context));
    }
}
