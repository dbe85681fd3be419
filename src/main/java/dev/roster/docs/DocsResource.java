package dev.roster.docs;

import static java.util.Map.entry;

import dev.roster.http.RelativeReference;
import dev.roster.http.condition.Preconditions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Map;
import java.util.Properties;

/**
 * A page to read and try an API. It shows the document at {@code openapi.json} beside it, and loads nothing from other
 * hosts.
 */
@Path("/")
public final class DocsResource {
    private static final String HTML = "text/html;charset=utf-8";

    /** Allows the page its own scripts, styles and requests, and the images inside its styles. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    @GET
    public Response redirectToPage(@Context ContainerRequestContext context) {
        return Response.seeOther(URI.create(RelativeReference.to("/docs", context)))
                .build();
    }

    @GET
    @Path("docs")
    @Produces(HTML)
    public Response page(@Context HttpServletRequest request, @Context ContainerRequestContext context) {
        // The page's relative references need its path without a slash at the end.
        return request.getRequestURI().endsWith("/") ? redirectToPage(context) : answer(Files.PAGE, request, context);
    }

    @GET
    @Path("docs/{name}")
    public Response file(
            @PathParam("name") String name,
            @Context HttpServletRequest request,
            @Context ContainerRequestContext context) {
        File file = Files.BY_NAME.get(name);
        if (file == null) {
            throw new NotFoundException();
        }
        return answer(file, request, context);
    }

    private static Response answer(File file, HttpServletRequest request, ContainerRequestContext context) {
        return Response.fromResponse(file.content().answer(request, Preconditions.of(context)))
                .type(file.type())
                .header("Content-Security-Policy", POLICY)
                .header("Cross-Origin-Opener-Policy", "same-origin")
                .header("Cross-Origin-Resource-Policy", "same-origin")
                .header("Referrer-Policy", "no-referrer")
                .header("X-Frame-Options", "DENY")
                .build();
    }

    private record File(Content content, String type) {
        static File html(String resource) {
            return new File(Content.load(resource), HTML);
        }

        static File script(String resource) {
            return new File(Content.load(resource), "text/javascript;charset=utf-8");
        }

        static File style(String resource) {
            return new File(Content.load(resource), "text/css;charset=utf-8");
        }

        static File text(String resource) {
            return new File(Content.load(resource), "text/plain;charset=utf-8");
        }
    }

    /** Loaded on first use, which keeps startup fast. */
    private static final class Files {
        private static final String MARKED = "/META-INF/resources/webjars/marked/" + version() + "/";

        static final File PAGE = File.html("/docs/index.html");
        static final Map<String, File> BY_NAME = Map.ofEntries(
                style("docs.css"),
                script("contract.js"),
                script("docs.js"),
                script("element.js"),
                script("markdown.js"),
                script("operation.js"),
                script("schema.js"),
                script("token.js"),
                entry("marked.js", File.script(MARKED + "lib/marked.esm.js")),
                entry("marked.LICENSE.txt", File.text(MARKED + "LICENSE.md")));

        private static Map.Entry<String, File> style(String name) {
            return entry(name, File.style("/docs/" + name));
        }

        private static Map.Entry<String, File> script(String name) {
            return entry(name, File.script("/docs/" + name));
        }

        private static String version() {
            Properties properties = new Properties();
            try {
                properties.load(
                        new ByteArrayInputStream(Content.load("/META-INF/maven/org.webjars.npm/marked/pom.properties")
                                .bytes()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return properties.getProperty("version");
        }
    }
}
