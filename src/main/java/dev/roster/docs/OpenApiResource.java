package dev.roster.docs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The contract with clients, as one OpenAPI 3.1 document: as it is written, and as JSON (media type of RFC 9512). */
@Path("/")
public final class OpenApiResource {
    private static final String FILE = "/openapi.yaml";

    private final Content yaml = Content.load(FILE);

    @GET
    @Path("openapi.yaml")
    @Produces("application/yaml")
    public Response yaml(@Context HttpServletRequest request) {
        return yaml.answer(request);
    }

    @GET
    @Path("openapi.json")
    @Produces(MediaType.APPLICATION_JSON)
    public Response json(@Context HttpServletRequest request) {
        return Json.CONTENT.answer(request);
    }

    /** Made when it is first asked for, since no start shall wait for it. */
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
