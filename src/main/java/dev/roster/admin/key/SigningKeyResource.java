package dev.roster.admin.key;

import dev.roster.admin.access.OperatorRequests;
import dev.roster.admin.access.RequiresScope;
import dev.roster.apikey.Scope;
import dev.roster.operator.SigningKeyAdministration;
import dev.roster.operator.SigningKeyAdministration.PublishedKey;
import dev.roster.operator.SigningKeyAdministration.RotationRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Replaces the key that signs access tokens. */
@Path("/admin/v1/keys/rotation")
public final class SigningKeyResource {
    private final SigningKeyAdministration keys;

    public SigningKeyResource(SigningKeyAdministration keys) {
        this.keys = keys;
    }

    @POST
    @RequiresScope(Scope.KEYS)
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public Response rotate(@Context ContainerRequestContext request, RotationRequest rotation) {
        PublishedKey key = keys.rotate(OperatorRequests.of(request), rotation.isImmediate());
        return Response.status(key.isNew() ? Response.Status.CREATED : Response.Status.OK)
                .entity(key)
                .build();
    }
}
