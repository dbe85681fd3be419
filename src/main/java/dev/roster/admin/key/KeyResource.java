package dev.roster.admin.key;

import dev.roster.admin.access.OperatorRequests;
import dev.roster.admin.access.RequiresScope;
import dev.roster.apikey.NewKey;
import dev.roster.apikey.Scope;
import dev.roster.http.condition.Preconditions;
import dev.roster.http.condition.Validators;
import dev.roster.operator.KeyAdministration;
import dev.roster.operator.KeyAdministration.MadeKey;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Makes, lists and revokes API keys. */
@Path("/admin/v1/keys")
@Produces(MediaType.APPLICATION_JSON)
public final class KeyResource {
    private final KeyAdministration keys;

    public KeyResource(KeyAdministration keys) {
        this.keys = keys;
    }

    @GET
    @RequiresScope(Scope.KEYS)
    public Response list(@Context ContainerRequestContext request) {
        KeyList list = new KeyList(keys.list());
        return Preconditions.of(request).isNotModified(Validators.NONE)
                ? Response.notModified().build()
                : Response.ok(list).build();
    }

    @POST
    @RequiresScope(Scope.KEYS)
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(@Context ContainerRequestContext request, NewKey key) {
        MadeKey made = keys.create(OperatorRequests.of(request), key, OperatorRequests.key(request));
        return Response.status(Response.Status.CREATED)
                .entity(new CreatedKey(made.row(), made.key().reveal()))
                .build();
    }

    @DELETE
    @Path("/{id}")
    @RequiresScope(Scope.KEYS)
    @Produces(MediaType.WILDCARD)
    public void revoke(@PathParam("id") String id, @Context ContainerRequestContext request) {
        keys.revoke(OperatorRequests.of(request), id, Preconditions.of(request));
    }
}
