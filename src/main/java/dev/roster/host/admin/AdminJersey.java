package dev.roster.host.admin;

import io.dropwizard.core.setup.AdminEnvironment;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jersey.DropwizardResourceConfig;
import io.dropwizard.jersey.jackson.JacksonFeature;
import io.dropwizard.jersey.setup.JerseyServletContainer;
import io.dropwizard.jersey.validation.HibernateValidationBinder;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * The Jersey application of the admin port. It is a filter in front of Dropwizard's servlets, so that a resource's
 * {@code @Path} is the whole path, as on the API port. It answers every request to its paths itself.
 */
public final class AdminJersey {
    /** The beginning of every path of the operators' API. */
    public static final String API = "/admin/v1";

    private static final String FILTER = "admin-jersey";

    private static final List<String> FILES = List.of("/", "/docs", "/mailbox", "/openapi.yaml", "/openapi.json", API);
    private static final List<String> FOLDERS = List.of("/docs/", "/mailbox/", "/page/", API + "/");

    /** The same as patterns of servlets; the empty one is the root. */
    private static final String[] PATTERNS = Stream.concat(
                    FILES.stream().map(file -> file.equals("/") ? "" : file),
                    FOLDERS.stream().map(folder -> folder + "*"))
            .toArray(String[]::new);

    private final AdminEnvironment admin;
    private final DropwizardResourceConfig resources;

    public AdminJersey(Environment environment) {
        this.admin = environment.admin();
        this.resources = new DropwizardResourceConfig(environment.metrics());
        resources.register(new JacksonFeature(environment.getObjectMapper()));
        resources.register(new HibernateValidationBinder(environment.getValidator()));
    }

    /** Whether requests to this path are Jersey's. */
    public static boolean serves(String path) {
        return FILES.contains(path) || FOLDERS.stream().anyMatch(path::startsWith);
    }

    /** Whether this is a path of the operators' API. */
    public static boolean isApi(String path) {
        return path.equals(API) || path.startsWith(API + "/");
    }

    /** Serves a resource, or applies a filter or provider. */
    public void register(Object component) {
        resources.register(component);
    }

    /** Sets a property of Jersey. */
    public void property(String name, Object value) {
        resources.property(name, value);
    }

    /** Passes each request to these paths through a filter before Jersey. */
    public void addFilter(String name, Filter filter) {
        add(name, filter, false, PATTERNS);
    }

    /** Makes the admin port serve these paths. */
    public void serve() {
        addFilter("admission", new AdmissionFilter());
        add(FILTER, new JerseyFilter(resources), true, "/*");
    }

    private void add(String name, Filter filter, boolean isMatchAfter, String... patterns) {
        admin.addFilter(name, filter)
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), isMatchAfter, patterns);
    }

    /** The path of a request, decoded. */
    static String path(HttpServletRequest request) {
        return request.getServletPath() + (request.getPathInfo() == null ? "" : request.getPathInfo());
    }

    /**
     * Jersey strips the pattern of its filter from paths. So this filter is mapped to every path, and passes on the
     * requests that are not Jersey's.
     */
    private static final class JerseyFilter extends JerseyServletContainer {
        private static final long serialVersionUID = 1L;

        JerseyFilter(DropwizardResourceConfig resources) {
            super(resources);
        }

        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            if (request instanceof HttpServletRequest http && serves(path(http))) {
                super.doFilter(request, response, chain);
            } else {
                chain.doFilter(request, response);
            }
        }
    }
}
