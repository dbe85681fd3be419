package dev.roster.host.admin;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;

/**
 * Refuses the methods that an admin path does not have, with the ones that it has in {@code Allow} (RFC 9110, section
 * 15.5.6). Otherwise the servlets would answer 200 to OPTIONS and TRACE, whatever the state of the node: some balancers
 * check a node with OPTIONS.
 */
public final class AdminMethodsFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    private static final Set<String> READABLE = Set.of("/healthcheck", "/metrics", "/ping", "/prometheus");
    private static final String TASKS = "/tasks/";

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String path = request.getServletPath() + (request.getPathInfo() == null ? "" : request.getPathInfo());
        boolean isTask = path.startsWith(TASKS);
        boolean isRead =
                request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
        if (isTask ? request.getMethod().equals("POST") : isRead) {
            chain.doFilter(request, response);
        } else if (isTask || READABLE.contains(path)) {
            response.setHeader("Allow", isTask ? "POST" : "GET, HEAD");
            response.sendError(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
        } else {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
        }
    }
}
