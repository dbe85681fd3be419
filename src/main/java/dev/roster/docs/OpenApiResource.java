package dev.roster.docs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.common.base.Suppliers;
import dev.roster.http.condition.Preconditions;
import dev.roster.http.file.Content;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Supplier;

/** An OpenAPI 3.1 document, as YAML (RFC 9512) and as JSON. */
@Path("/")
public final class OpenApiResource {
    private static final String YAML = "application/yaml";

    private final Content yaml;
    private final Supplier<Content> json;

    /** Reads the document from a YAML file of the class path. */
    OpenApiResource(String file) {
        yaml = Content.load(file);
        json = Suppliers.memoize(() -> new Content(toJson(yaml.bytes()))); // on first use: keeps startup fast
    }

    @GET
    @Path("openapi.yaml")
    @Produces({YAML, "application/x-yaml", "text/yaml", "text/x-yaml"}) // the deprecated names too
    public Response yaml(@Context HttpServletRequest request, @Context ContainerRequestContext context) {
        return Response.fromResponse(yaml.answer(request, Preconditions.of(context)))
                .type(YAML)
                .build();
    }

    @GET
    @Path("openapi.json")
    @Produces(MediaType.APPLICATION_JSON)
    public Response json(@Context HttpServletRequest request, @Context ContainerRequestContext context) {
        return json.get().answer(request, Preconditions.of(context));
    }

    private static byte[] toJson(byte[] yaml) {
        try {
            return new ObjectMapper().writeValueAsBytes(new YAMLMapper().readTree(yaml));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
