package dev.roster.admin.page;

import dev.roster.host.admin.NeedsNoKey;
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

/**
 * A page to find people, to act on their accounts, and to see how the node does. It contains no data: its scripts
 * request the other paths of the port, with the key that the operator enters.
 */
@NeedsNoKey
@Path("/")
public final class PageResource {
    @GET
    @Produces(PageFile.HTML)
    public Response page(@Context HttpServletRequest request, @Context ContainerRequestContext context) {
        return Files.PAGE.answer(request, context);
    }

    @GET
    @Path("page/{name}")
    public Response file(
            @PathParam("name") String name,
            @Context HttpServletRequest request,
            @Context ContainerRequestContext context) {
        return Files.PARTS.answer(name, request, context);
    }

    /** Loaded on first use, which keeps startup fast. */
    private static final class Files {
        private static final String FOLDER = "/admin/page/";

        static final PageFile PAGE = PageFile.load(FOLDER + "index.html");
        static final PageParts PARTS = PageParts.load(
                FOLDER,
                "api.js",
                "dialog.js",
                "node.js",
                "page.css",
                "page.js",
                "people.js",
                "person.js",
                "plot.js",
                "prometheus.js",
                "text.js");
    }
}
