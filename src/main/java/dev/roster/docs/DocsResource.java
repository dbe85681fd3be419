package dev.roster.docs;

import static java.util.Map.entry;

import dev.roster.host.admin.NeedsNoKey;
import dev.roster.http.RelativeReference;
import dev.roster.http.file.Content;
import dev.roster.http.file.PageFile;
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
        PageFile file = Files.BY_NAME.get(name);
        if (file == null) {
            throw new NotFoundException();
        }
        return file.answer(request, context);
    }

    /** Loaded on first use, which keeps startup fast. */
    private static final class Files {
        private static final String MARKED = "/META-INF/resources/webjars/marked/" + version() + "/";

        static final PageFile PAGE = PageFile.html("/docs/index.html");
        static final Map<String, PageFile> BY_NAME = Map.ofEntries(
                style("base.css"),
                style("docs.css"),
                script("contract.js"),
                script("docs.js"),
                script("element.js"),
                script("markdown.js"),
                script("operation.js"),
                script("schema.js"),
                script("token.js"),
                entry("marked.js", PageFile.script(MARKED + "lib/marked.esm.js")),
                entry("marked.LICENSE.txt", PageFile.text(MARKED + "LICENSE.md")));

        private static Map.Entry<String, PageFile> style(String name) {
            return entry(name, PageFile.style("/docs/" + name));
        }

        private static Map.Entry<String, PageFile> script(String name) {
            return entry(name, PageFile.script("/docs/" + name));
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
