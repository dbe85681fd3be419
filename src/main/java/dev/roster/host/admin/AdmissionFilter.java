package dev.roster.host.admin;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.Semaphore;

/**
 * Bounds how many requests of the operators' API hold a thread of the admin port, so that the database can make all of
 * them wait while health checks and metrics are answered. Thread-safe.
 */
final class AdmissionFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    /** config.yml has to allow more threads than this on the admin port. */
    static final int MOST_REQUESTS = 48;

    private final Semaphore places = new Semaphore(MOST_REQUESTS);

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!AdminJersey.isApi(AdminJersey.path(request))) {
            chain.doFilter(request, response);
        } else if (places.tryAcquire()) {
            try {
                chain.doFilter(request, response);
            } finally {
                places.release();
            }
        } else {
            response.setHeader("Retry-After", "1");
            response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        }
    }
}
