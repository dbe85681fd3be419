package dev.roster.host;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.Set;

/**
 * Closes Dropwizard's own tasks: without a login, they change log levels or pause the JVM for a garbage collection
 * (ASVS 13.4.5). Answers 503 instead of Dropwizard's 500 while the node is not ready.
 */
final class AdminFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;
    private static final Set<String> CLOSED = Set.of("/tasks/log-level", "/tasks/gc");

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String path = request.getServletPath() + (request.getPathInfo() == null ? "" : request.getPathInfo());
        if (CLOSED.contains(path)) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
        } else if (path.equals("/healthcheck")) {
            chain.doFilter(request, new NotReady(response));
        } else {
            chain.doFilter(request, response);
        }
    }

    private static final class NotReady extends HttpServletResponseWrapper {
        NotReady(HttpServletResponse response) {
            super(response);
        }

        @Override
        public void setStatus(int status) {
            super.setStatus(status == SC_INTERNAL_SERVER_ERROR ? SC_SERVICE_UNAVAILABLE : status);
        }
    }
}
