package dev.roster.http.file;

import dev.roster.http.condition.Preconditions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;

/**
 * A page of the service, or a part of one. The browser loads nothing from other hosts for it. Thread-safe.
 *
 * @param policy what the browser may do for it (W3C Content Security Policy)
 */
public record PageFile(Content content, String type, String policy) {
    public static final String HTML = "text/html;charset=utf-8";

    /** Allows the page its own scripts, styles and requests, and the images inside its styles. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** Loads a resource of the class path. The end of its name tells the type. */
    public static PageFile load(String resource) {
        String type =
                switch (resource.substring(resource.lastIndexOf('.') + 1)) {
                    case "html" -> HTML;
                    case "js" -> "text/javascript;charset=utf-8";
                    case "css" -> "text/css;charset=utf-8";
                    default -> "text/plain;charset=utf-8";
                };
        return new PageFile(Content.load(resource), type, POLICY);
    }

    /** The same page, which may also show other paths of its origin in frames. */
    public PageFile withFrames() {
        return new PageFile(content, type, policy + "; frame-src 'self'");
    }

    public Response answer(HttpServletRequest request, ContainerRequestContext context) {
        return Response.fromResponse(content.answer(request, Preconditions.of(context)))
                .type(type)
                .header("Content-Security-Policy", policy)
                .header("Cross-Origin-Opener-Policy", "same-origin")
                .header("Cross-Origin-Resource-Policy", "same-origin")
                .header("Referrer-Policy", "no-referrer")
                .header("X-Frame-Options", "DENY")
                .build();
    }
}
