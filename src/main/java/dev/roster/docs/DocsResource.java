package dev.roster.docs;

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

/** A page to read and try the API, rendered by Swagger UI. It loads nothing from other hosts. */
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
        private static final String UI = "/META-INF/resources/webjars/swagger-ui/" + version() + "/swagger-ui";

        static final File PAGE = File.html("/docs/index.html");
        static final Map<String, File> BY_NAME = Map.of(
                "docs.css", File.style("/docs/docs.css"),
                "docs.js", File.script("/docs/docs.js"),
                "swagger-ui.css", File.style(UI + ".css"),
                "swagger-ui-bundle.js", File.script(UI + "-bundle.js"),
                "swagger-ui-bundle.js.LICENSE.txt", File.text(UI + "-bundle.js.LICENSE.txt"));

        private static String version() {
            Properties properties = new Properties();
            try {
                properties.load(
                        new ByteArrayInputStream(Content.load("/META-INF/maven/org.webjars/swagger-ui/pom.properties")
                                .bytes()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return properties.getProperty("version");
        }
    }
}
