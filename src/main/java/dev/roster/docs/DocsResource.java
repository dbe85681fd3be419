package dev.roster.docs;

import dev.roster.host.admin.NeedsNoKey;
import dev.roster.http.RelativeReference;
import dev.roster.http.file.Content;
import dev.roster.http.file.PageFile;
import dev.roster.http.file.PageParts;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
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
import java.util.Properties;

/**
 * A page to read and try an API. It shows the document at {@code openapi.json} beside it, and loads nothing from other
 * hosts.
 */
@NeedsNoKey
@Path("/docs")
public final class DocsResource {
    @GET
    @Produces(PageFile.HTML)
    public Response page(@Context HttpServletRequest request, @Context ContainerRequestContext context) {
        // The page's relative references need its path without a slash at the end.
        return request.getRequestURI().endsWith("/")
                ? Response.seeOther(URI.create(RelativeReference.to("/docs", context)))
                        .build()
                : Files.PAGE.answer(request, context);
    }

    @GET
    @Path("{name}")
    public Response file(
            @PathParam("name") String name,
            @Context HttpServletRequest request,
            @Context ContainerRequestContext context) {
        return Files.PARTS.answer(name, request, context);
    }

    /** Loaded on first use, which keeps startup fast. */
    private static final class Files {
        private static final String MARKED = "/META-INF/resources/webjars/marked/" + version() + "/";

        static final PageFile PAGE = PageFile.load("/docs/index.html");
        static final PageParts PARTS = PageParts.load(
                        "/docs/",
                        "base.css",
                        "docs.css",
                        "contract.js",
                        "docs.js",
                        "element.js",
                        "markdown.js",
                        "operation.js",
                        "schema.js",
                        "token.js")
                .with("marked.js", MARKED + "lib/marked.esm.js")
                .with("marked.LICENSE.txt", MARKED + "LICENSE.md");

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
