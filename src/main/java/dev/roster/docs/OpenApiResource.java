package dev.roster.docs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.roster.http.condition.Preconditions;
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

/** The OpenAPI 3.1 document, as YAML (RFC 9512) and as JSON. */
@Path("/")
public final class OpenApiResource {
    private static final String FILE = "/openapi.yaml";

    private static final String YAML = "application/yaml";

    private final Content yaml = Content.load(FILE);

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
        return Json.CONTENT.answer(request, Preconditions.of(context));
    }

    /** Converted on first use, which keeps startup fast. */
    private static final class Json {
        static final Content CONTENT = new Content(ofYaml(Content.load(FILE).bytes()));

        private static byte[] ofYaml(byte[] yaml) {
            try {
                return new ObjectMapper().writeValueAsBytes(new YAMLMapper().readTree(yaml));
            } catch (IOException e) {
                throw new UncheckedIOException(FILE, e);
            }
        }
    }
}
