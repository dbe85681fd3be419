package dev.roster.http;

import ch.qos.logback.access.jetty.RequestLogImpl;
import dev.roster.http.body.BodyExceptionMapper;
import dev.roster.http.body.ContentTypeFilter;
import dev.roster.http.body.RequestBodyFilter;
import dev.roster.http.connection.BufferingHandler;
import dev.roster.http.connection.ClientAddress;
import dev.roster.http.connection.ConnectionConfiguration;
import dev.roster.http.connection.Connections;
import dev.roster.http.connection.ProxyConfiguration;
import dev.roster.http.cors.AllowedOrigins;
import dev.roster.http.cors.CrossOriginFilter;
import dev.roster.http.problem.JettyErrorHandler;
import dev.roster.http.problem.OptionsFilter;
import dev.roster.http.problem.RefusedExceptionMapper;
import dev.roster.http.problem.UnexpectedExceptionMapper;
import dev.roster.http.problem.WebApplicationExceptionMapper;
import dev.roster.http.trace.PathRequestLog;
import dev.roster.http.trace.RequestDurations;
import dev.roster.http.trace.ResponseHeadersFilter;
import dev.roster.http.trace.RouteFeature;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jersey.filter.AllowedMethodsFilter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.FilterMapping;
import org.eclipse.jetty.ee10.servlet.ServletHandler;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.glassfish.jersey.server.ServerProperties;

/** Adds this package to Jetty and Jersey, except {@link dev.roster.http.body.JsonBodyReader}. */
public final class HttpServer {
    /** In bytes: the part of an answer that the kernel holds for a slow client. */
    private static final int SEND_BUFFER = 64 * 1024;

    private final ProxyConfiguration proxies;
    private final ConnectionConfiguration connections;
    private final AllowedOrigins corsOrigins;
    private final PrometheusRegistry prometheus;
    private final Collection<String> limits;

    /**
     * @param prometheus registers the metrics of this package
     * @param limits the names of all limits
     */
    public HttpServer(
            ProxyConfiguration proxies,
            ConnectionConfiguration connections,
            AllowedOrigins corsOrigins,
            PrometheusRegistry prometheus,
            Collection<String> limits) {
        this.proxies = proxies;
        this.connections = connections;
        this.corsOrigins = corsOrigins;
        this.prometheus = prometheus;
        this.limits = limits;
    }

    /** Must be called before the server is built. */
    public void register(Environment environment) {
        registerJersey(environment);
        registerFilters(environment);
        JettyErrorHandler errors = new JettyErrorHandler(environment.getObjectMapper(), corsOrigins);
        environment.getApplicationContext().setErrorHandler(errors);
        environment.lifecycle().addEventListener(new LifeCycle.Listener() {
            @Override
            public void lifeCycleStarting(LifeCycle started) {
                configure((Server) started, errors);
                removeMethodsFilter(environment.getApplicationContext().getServletHandler());
            }
        });
        limitConnections(environment);
    }

    private void registerJersey(Environment environment) {
        environment.jersey().register(new RouteFeature());
        environment.jersey().register(new RequestParamProvider.Binder());
        environment.jersey().register(new RequestBodyFilter());
        environment.jersey().register(new UuidParamConverterProvider());
        environment.jersey().register(new OptionsFilter());
        environment.jersey().register(new BodyExceptionMapper());
        environment.jersey().register(new RefusedExceptionMapper(prometheus, limits));
        environment.jersey().register(new WebApplicationExceptionMapper());
        environment.jersey().register(new UnexpectedExceptionMapper());
        // Send Location as it is: without the client's Host header.
        environment.jersey().property(ServerProperties.LOCATION_HEADER_RELATIVE_URI_RESOLUTION_DISABLED, true);
    }

    private void registerFilters(Environment environment) {
        addFilter(environment, "response-headers", new ResponseHeadersFilter(), false);
        addFilter(environment, "cross-origin", new CrossOriginFilter(corsOrigins), true);
        addFilter(environment, "content-type", new ContentTypeFilter(), false);
        environment
                .admin()
                .addFilter("response-headers", new ResponseHeadersFilter())
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
    }

    private static void addFilter(Environment environment, String name, Filter filter, boolean last) {
        environment
                .servlets()
                .addFilter(name, filter)
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), last, "/*");
    }

    private void configure(Server server, JettyErrorHandler errors) {
        server.insertHandler(new BufferingHandler(connections.bodyTimeout()));
        for (Connector connector : server.getConnectors()) {
            ((ServerConnector) connector).setAcceptedSendBufferSize(SEND_BUFFER);
        }
        ClientAddress addresses = new ClientAddress(proxies);
        for (HttpConfiguration http : server.getContainedBeans(HttpConfiguration.class)) {
            http.addCustomizer(addresses);
            // Jetty caches recurring headers by connection. Behind a proxy each request has another token, which
            // empties the cache.
            http.setHeaderCacheSize(0);
        }
        server.setErrorHandler(errors);
        RequestLog log = server.getRequestLog();
        RequestLog durations = new RequestDurations(prometheus);
        if (log == null) { // config.yml has no appender
            server.setRequestLog(durations);
        } else {
            server.setRequestLog(new RequestLog.Collection(durations, new PathRequestLog(log)));
            server.addBean(log); // starts and stops it with the server
            if (log instanceof RequestLogImpl logback) {
                logback.setQuiet(true); // otherwise it prints its state first
            }
        }
    }

    private void limitConnections(Environment environment) {
        ScheduledExecutorService executor = environment
                .lifecycle()
                .scheduledExecutorService("connections", true)
                .build();
        environment.lifecycle().addServerLifecycleListener(server -> {
            Connections all = new Connections(server, connections, prometheus);
            long interval = Connections.INTERVAL.toMillis();
            Future<?> unused = executor.scheduleWithFixedDelay(all, interval, interval, TimeUnit.MILLISECONDS);
        });
    }

    // Dropwizard's filter refuses unknown methods without the Allow header that a 405 needs.
    private static void removeMethodsFilter(ServletHandler servlets) {
        servlets.setFilterMappings(Arrays.stream(servlets.getFilterMappings())
                .filter(mapping ->
                        servlets.getFilter(mapping.getFilterName()).getHeldClass() != AllowedMethodsFilter.class)
                .toArray(FilterMapping[]::new));
    }
}
