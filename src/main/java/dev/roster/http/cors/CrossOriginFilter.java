package dev.roster.http.cors;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;

/**
 * Lets scripts from {@link AllowedOrigins} read every answer, and answers their preflight requests. From other origins,
 * OPTIONS is a method that no route has.
 */
public final class CrossOriginFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    private final transient AllowedOrigins origins;

    public CrossOriginFilter(AllowedOrigins origins) {
        this.origins = origins;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String origin = request.getHeader(AllowedOrigins.HEADER);
        origins.headers(origin).forEach(response::setHeader);
        if (origins.contains(origin) && isPreflight(request)) {
            AllowedOrigins.PREFLIGHT.forEach(response::setHeader);
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        } else {
            chain.doFilter(request, origins.isEmpty() ? response : new VaryingByOrigin(response));
        }
    }

    private static boolean isPreflight(HttpServletRequest request) {
        return request.getMethod().equals("OPTIONS") && request.getHeader("Access-Control-Request-Method") != null;
    }

    /** Adds Origin to every Vary header. */
    private static final class VaryingByOrigin extends HttpServletResponseWrapper {
        VaryingByOrigin(HttpServletResponse response) {
            super(response);
        }

        @Override
        public void setHeader(String name, String value) {
            super.setHeader(
                    name, name.equalsIgnoreCase(HttpHeaders.VARY) ? value + ", " + AllowedOrigins.HEADER : value);
        }
    }
}
