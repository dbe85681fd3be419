package dev.roster.mail.mailbox;

import dev.roster.host.admin.NeedsNoKey;
import dev.roster.http.RelativeReference;
import dev.roster.http.file.PageFile;
import dev.roster.id.Ids;
import dev.roster.mail.outbox.MailTexts;
import dev.roster.mail.outbox.StoredMails;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;

/**
 * The latest mails, as a page and as JSON. The page itself has no data: its script asks for the JSON, and shows the
 * HTML of each mail in a frame that can neither run scripts nor load anything. Whoever can read mails can open
 * accounts, so this resource exists only with {@code MAIL=mailbox}.
 */
@NeedsNoKey
@Path("/mailbox")
public final class MailboxResource {
    private static final int SIZE = 200;
    /** Less preferred than HTML, which a browser asks for. */
    private static final String JSON = "application/json;qs=0.5";

    private static final String MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    private final StoredMails mails;
    private final MailTexts texts;

    public MailboxResource(StoredMails mails, MailTexts texts) {
        this.mails = mails;
        this.texts = texts;
    }

    @GET
    @Produces(PageFile.HTML)
    public Response page(@Context HttpServletRequest request, @Context ContainerRequestContext context) {
        // The page's relative references need its path without a slash at the end.
        return request.getRequestURI().endsWith("/")
                ? Response.seeOther(URI.create(RelativeReference.to("/mailbox", context)))
                        .build()
                : varied(Files.PAGE.answer(request, context));
    }

    @GET
    @Produces(JSON)
    public Response list() {
        return varied(Response.ok(new Mailbox(mails.latest(SIZE).stream()
                        .map(mail -> ShownMail.of(mail, texts.of(mail)))
                        .toList()))
                .build());
    }

    @GET
    @Path("mailbox.css")
    public Response style(@Context HttpServletRequest request, @Context ContainerRequestContext context) {
        return Files.STYLE.answer(request, context);
    }

    @GET
    @Path("mailbox.js")
    public Response script(@Context HttpServletRequest request, @Context ContainerRequestContext context) {
        return Files.SCRIPT.answer(request, context);
    }

    /** The HTML of a mail, for a frame of the page. */
    @GET
    @Path("{id}")
    @Produces(PageFile.HTML)
    public Response html(@PathParam("id") String id) {
        return varied(Response.ok(find(id).html())
                .header("Content-Security-Policy", MAIL_POLICY)
                .header("Referrer-Policy", "no-referrer")
                .header("X-Frame-Options", "SAMEORIGIN")
                .build());
    }

    @GET
    @Path("{id}")
    @Produces(JSON)
    public Response mail(@PathParam("id") String id) {
        return varied(Response.ok(find(id)).build());
    }

    private ShownMail find(String id) {
        return Ids.parse(id)
                .flatMap(mails::find)
                .map(mail -> ShownMail.of(mail, texts.of(mail)))
                .orElseThrow(NotFoundException::new);
    }

    private static Response varied(Response response) {
        return Response.fromResponse(response)
                .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
                .build();
    }

    /** The response body: an object, so that members can be added. */
    public record Mailbox(List<ShownMail> mails) {}

    /** Loaded on first use, which keeps startup fast. */
    private static final class Files {
        static final PageFile PAGE = PageFile.load("/mailbox/index.html").withFrames();
        static final PageFile STYLE = PageFile.load("/mailbox/mailbox.css");
        static final PageFile SCRIPT = PageFile.load("/mailbox/mailbox.js");
    }
}
