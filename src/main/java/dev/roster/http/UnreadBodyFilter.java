package dev.roster.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.Context;
import java.io.IOException;

/**
 * Reads what is left of a small body before the answer, as where a token is refused. Jetty would close the connection
 * under a client that is still sending, without a word, and the client's next request would be lost with it. Of a body
 * that is too large it is said.
 */
public final class UnreadBodyFilter implements ContainerResponseFilter {
    /** In bytes: more than a body may have, so that who sends a little too much still learns so. */
    private static final int MAX_DRAINED = 4 * JsonBodyReader.MAX_BODY;

    @Context
    private HttpServletRequest request;

    @Override
    public void filter(ContainerRequestContext context, ContainerResponseContext response) {
        if (hasBody() && !readToEnd()) {
            response.getHeaders().putSingle("Connection", "close");
        }
    }

    private boolean hasBody() {
        return request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
    }

    private boolean readToEnd() {
        if (request.getContentLengthLong() > MAX_DRAINED || request.getHeader("Expect") != null) {
            return false; // who expects a 100 has not begun to send
        }
        try {
            return request.getInputStream().readNBytes(MAX_DRAINED + 1).length <= MAX_DRAINED;
        } catch (IOException e) {
            return false;
        }
    }
}
