package dev.roster.docs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import com.google.common.base.Suppliers;
import dev.roster.host.admin.NeedsNoKey;
import dev.roster.http.condition.Preconditions;
import dev.roster.http.file.Content;
import dev.roster.profile.MergePatch;
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
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** An OpenAPI 3.1 document, as YAML (RFC 9512) and as JSON. */
@NeedsNoKey
@Path("/")
public final class OpenApiResource {
    private static final String YAML = "application/yaml";

    /** Statuses are texts: quoted, so that no reader takes them for numbers. */
    private static final YAMLMapper YAML_MAPPER = new YAMLMapper(YAMLFactory.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .enable(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE)
            .stringQuotingChecker(new StringQuotingChecker.Default() {
                private static final long serialVersionUID = 1L;

                @Override
                public boolean needToQuoteName(String name) {
                    return super.needToQuoteName(name) || name.matches("[0-9]+");
                }
            })
            .build());

    private final Supplier<Content> yaml;
    private final Supplier<Content> json;

    /**
     * Reads the document from a YAML file of the class path.
     *
     * @param changes files of the class path with changes: JSON merge patches (RFC 7396) in YAML
     */
    OpenApiResource(String file, String... changes) {
        Content original = Content.load(file);
        List<byte[]> patches =
                Stream.of(changes).map(change -> Content.load(change).bytes()).toList();
        // On first use: keeps startup fast.
        yaml = Suppliers.memoize(() -> patches.isEmpty() ? original : new Content(patch(original.bytes(), patches)));
        json = Suppliers.memoize(() -> new Content(toJson(yaml.get().bytes())));
    }

    @GET
    @Path("openapi.yaml")
    @Produces({YAML, "application/x-yaml", "text/yaml", "text/x-yaml"}) // the deprecated names too
    public Response yaml(@Context HttpServletRequest request, @Context ContainerRequestContext context) {
        return Response.fromResponse(yaml.get().answer(request, Preconditions.of(context)))
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
            return new ObjectMapper().writeValueAsBytes(YAML_MAPPER.readTree(yaml));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] patch(byte[] yaml, List<byte[]> patches) {
        try {
            ObjectNode document = (ObjectNode) YAML_MAPPER.readTree(yaml);
            for (byte[] patch : patches) {
                MergePatch.apply((ObjectNode) YAML_MAPPER.readTree(patch), document);
            }
            return YAML_MAPPER.writeValueAsBytes(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
