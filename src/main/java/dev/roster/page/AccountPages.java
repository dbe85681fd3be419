package dev.roster.page;

import dev.roster.http.RelativeReference;
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
import java.net.URI;

/**
 * The pages for {@code MAIL_LINKS}. They are the same for everybody: the token is in the fragment of the link, which
 * browsers do not send, and a script posts it only when the person submits the form.
 */
@Path("/account")
public final class AccountPages {
    @GET
    @Path("{page: reset|verify|email-change|revert}")
    @Produces(PageFile.HTML)
    public Response page(
            @PathParam("page") String page,
            @Context HttpServletRequest request,
            @Context ContainerRequestContext context) {
        // The page's relative references need its path without a slash at the end. Browsers keep the fragment.
        return request.getRequestURI().endsWith("/")
                ? Response.seeOther(URI.create(RelativeReference.to("/account/" + page, context)))
                        .build()
                : Files.PAGES.answer(page + ".html", request, context);
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
        private static final String FOLDER = "/account/";

        static final PageParts PAGES =
                PageParts.load(FOLDER, "reset.html", "verify.html", "email-change.html", "revert.html");
        static final PageParts PARTS = PageParts.load(
                FOLDER, "account.css", "form.js", "reset.js", "verify.js", "email-change.js", "revert.js");
    }
}
