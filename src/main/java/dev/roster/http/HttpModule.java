package dev.roster.http;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import dev.roster.host.BodyType;
import dev.roster.host.Host;
import dev.roster.host.Room;
import dev.roster.http.body.AbsentBodyFilter;
import dev.roster.http.body.AcceptFilter;
import dev.roster.http.body.BodyExceptionMapper;
import dev.roster.http.body.BodyModule;
import dev.roster.http.body.ContentTypeFilter;
import dev.roster.http.body.JsonBodyReader;
import dev.roster.http.body.RequestBodyFilter;
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
import dev.roster.http.protocol.AllowedHosts;
import dev.roster.http.protocol.ProtocolSetup;
import dev.roster.http.trace.ResponseHeadersFilter;
import dev.roster.http.trace.RouteFeature;
import io.dropwizard.core.server.AbstractServerFactory;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.core.setup.Environment;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.TimeZone;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.glassfish.jersey.server.ServerProperties;

/** Sets up HTTP on both ports. */
public final class HttpModule implements Room {
    private final ServerFactory server;
    private final ProxyConfiguration proxies;
    private final ConnectionConfiguration connections;
    private final AllowedHosts hosts;
    private final AllowedOrigins corsOrigins;
    private final Collection<String> limits;

    /**
     * @param server Dropwizard's settings of the server
     * @param limits the names of all limits, whose metrics begin at 0
     */
    public HttpModule(
            ServerFactory server,
            ProxyConfiguration proxies,
            ConnectionConfiguration connections,
            AllowedHosts hosts,
            AllowedOrigins corsOrigins,
            Collection<String> limits) {
        this.server = server;
        this.proxies = proxies;
        this.connections = connections;
        this.hosts = hosts;
        this.corsOrigins = corsOrigins;
        this.limits = limits;
    }

    @Override
    public void plugInto(Host host) {
        ((AbstractServerFactory) server).setRegisterDefaultExceptionMappers(false);
        Environment environment = host.environment();
        formatJson(environment.getObjectMapper());
        addJersey(host);
        addFilters(environment);
        PoolClientFilter clients = new PoolClientFilter();
        addFilter(environment, "pool-client", clients, false);
        host.jersey(clients);
        JettyErrorHandler errors = new JettyErrorHandler(environment.getObjectMapper(), corsOrigins);
        environment.getApplicationContext().setErrorHandler(errors);
        environment
                .getAdminContext()
                .setErrorHandler(new JettyErrorHandler(environment.getObjectMapper(), AllowedOrigins.NONE));
        environment
                .lifecycle()
                .addEventListener(new JettySetup(
                        connections,
                        proxies,
                        errors,
                        environment.getApplicationContext().getServletHandler(),
                        host.metrics()));
        environment
                .lifecycle()
                .addEventListener(
                        new ProtocolSetup(connections.idleTimeout().toJavaDuration(), hosts, environment.metrics()));
        host.onStart(() -> limitConnections(host));
        // At the start, when all rooms have added their body types.
        host.onStart(() -> host.jersey(new JsonBodyReader(bodyModule(host), environment.getValidator())));
    }

    // Applies to bodies only, not to config.yml: Dropwizard's own settings are not in snake case.
    private static void formatJson(ObjectMapper json) {
        json.setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
        json.configOverride(Instant.class)
                .setFormat(JsonFormat.Value.forPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSX")
                        .withTimeZone(TimeZone.getTimeZone("UTC")));
    }

    private void limitConnections(Host host) {
        Environment environment = host.environment();
        // Made before the server is built: an executor that is made later does not stop with the server.
        ScheduledExecutorService executor = environment
                .lifecycle()
                .scheduledExecutorService("connections", true)
                .build();
        environment.lifecycle().addServerLifecycleListener(started -> {
            Connections limiter = new Connections(started, connections, host.metrics());
            long millis = Connections.INTERVAL.toMillis();
            Future<?> unused = executor.scheduleWithFixedDelay(limiter, millis, millis, TimeUnit.MILLISECONDS);
        });
    }

    private static BodyModule bodyModule(Host host) {
        BodyModule bodies = new BodyModule();
        host.bodyTypes().forEach(type -> add(bodies, type));
        return bodies;
    }

    private static <T> void add(BodyModule bodies, BodyType<T> type) {
        bodies.add(type.type(), type.parse(), type.standIn());
    }

    private void addJersey(Host host) {
        host.jersey(new RouteFeature());
        host.jersey(new RequestParamProvider.Binder());
        host.jersey(new RequestBodyFilter());
        host.jersey(new AbsentBodyFilter());
        host.jersey(new AcceptFilter());
        host.jersey(new PathParamConverterProvider());
        host.jersey(new OptionsFilter());
        host.jersey(new BodyExceptionMapper());
        host.jersey(new RefusedExceptionMapper(host.metrics(), limits));
        host.jersey(new WebApplicationExceptionMapper());
        host.jersey(new UnexpectedExceptionMapper());
        // Send Location as it is: without the client's Host header.
        host.environment().jersey().property(ServerProperties.LOCATION_HEADER_RELATIVE_URI_RESOLUTION_DISABLED, true);
    }

    private void addFilters(Environment environment) {
        addFilter(environment, "response-headers", new ResponseHeadersFilter(), false);
        addFilter(environment, "cross-origin", new CrossOriginFilter(corsOrigins), true);
        addFilter(environment, "content-type", new ContentTypeFilter(), false);
        environment
                .admin()
                .addFilter("response-headers", new ResponseHeadersFilter())
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
    }

    private static void addFilter(Environment environment, String name, Filter filter, boolean isMatchAfter) {
        environment
                .servlets()
                .addFilter(name, filter)
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), isMatchAfter, "/*");
    }
}
