package dev.roster.host.admin;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.HttpException;
import org.jspecify.annotations.Nullable;

/**
 * Guards the admin port (ASVS 13.4.5). It serves the paths that are listed here, which need no login, and those of
 * {@link AdminJersey}, and nothing else: Dropwizard's own servlet and tasks profile the JVM, dump its threads, change
 * log levels and collect garbage. No web page of another origin may call the port, because a page on an operator's
 * machine reaches what the operator reaches. Answers 503 instead of Dropwizard's 500 while the node is not ready.
 * Thread-safe.
 */
public final class AdminFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;
    private static final String HEALTH = "/healthcheck";
    private static final List<String> READ = List.of("GET", "HEAD");

    /**
     * The methods of each path. The servlets would also answer 200 to OPTIONS and TRACE, whatever the state of the
     * node, and some balancers check a node with OPTIONS.
     */
    static final Map<String, List<String>> SERVED =
            Map.of("/ping", READ, HEALTH, READ, "/metrics", READ, "/prometheus", READ, "/tasks/purge", List.of("POST"));

    /** A page of this port, or no page: an address that somebody typed (W3C Fetch Metadata, section 2.3). */
    private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

    private final transient AdminHosts hosts;

    public AdminFilter(AdminHosts hosts) {
        this.hosts = hosts;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String path = AdminJersey.path(request);
        List<String> methods = SERVED.get(path);
        String host = request.getHeader("Host");
        if (host != null && !hosts.contain(request.getServerName())) {
            response.sendError(421);
        } else if (isFromForeignPage(request, host)) {
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
        } else if (AdminJersey.serves(path)) {
            chain.doFilter(request, response);
        } else if (methods == null) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
        } else if (!methods.contains(request.getMethod())) {
            response.setHeader("Allow", String.join(", ", methods));
            response.sendError(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
        } else if (!areParametersWellFormed(request)) {
            response.sendError(HttpServletResponse.SC_BAD_REQUEST);
        } else if (path.equals(HEALTH)) {
            chain.doFilter(new WithTrueStatus(request), new NotReady(response));
        } else {
            chain.doFilter(request, response);
        }
    }

    /** Reads the query and the form: the servlets read them later, and take the client's error for their own. */
    private static boolean areParametersWellFormed(HttpServletRequest request) {
        try {
            var unused = request.getParameterMap();
            return true;
        } catch (HttpException.RuntimeException e) {
            return false;
        }
    }

    private static boolean isFromForeignPage(HttpServletRequest request, @Nullable String host) {
        return Collections.list(request.getHeaders("Sec-Fetch-Site")).stream()
                        .anyMatch(site -> !OWN_SITES.contains(site))
                || Collections.list(request.getHeaders("Origin")).stream().anyMatch(origin -> !isOwn(origin, host));
    }

    /** Whatever the scheme: a proxy in front may add TLS. */
    private static boolean isOwn(String origin, @Nullable String host) {
        return host != null
                && (origin.equalsIgnoreCase("http://" + host) || origin.equalsIgnoreCase("https://" + host));
    }

    /** Hides a parameter with which the servlet would answer 200 whatever the state of the node. */
    private static final class WithTrueStatus extends HttpServletRequestWrapper {
        WithTrueStatus(HttpServletRequest request) {
            super(request);
        }

        @Override
        public @Nullable String getParameter(String name) {
            return name.equals("httpStatusIndicator") ? null : super.getParameter(name);
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
