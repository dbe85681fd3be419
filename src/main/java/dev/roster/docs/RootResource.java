package dev.roster.docs;

import dev.roster.http.RelativeReference;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.net.URI;

/** Leads from the root of the API port to the page that describes the API. */
@Path("/")
public final class RootResource {
    @GET
    public Response redirectToPage(@Context ContainerRequestContext context) {
        return Response.seeOther(URI.create(RelativeReference.to("/docs", context)))
                .build();
    }
}
