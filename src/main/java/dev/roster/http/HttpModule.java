package dev.roster.http;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import dev.roster.host.BodyType;
import dev.roster.host.Host;
import dev.roster.host.Room;
import dev.roster.host.admin.AdminJersey;
import dev.roster.http.body.AbsentBodyFilter;
import dev.roster.http.body.BodyModule;
import dev.roster.http.body.ContentTypeFilter;
import dev.roster.http.body.FormBodyReader;
import dev.roster.http.body.JsonBodyReader;
import dev.roster.http.body.RequestBodyFilter;
import dev.roster.http.connection.Connections;
import dev.roster.http.connection.EndedConnections;
import dev.roster.http.connection.UnreadAnswers;
import dev.roster.http.cors.AllowedOrigins;
import dev.roster.http.cors.CrossOriginFilter;
import dev.roster.http.problem.BodyExceptionMapper;
import dev.roster.http.problem.JettyErrorHandler;
import dev.roster.http.problem.OptionsFilter;
import dev.roster.http.problem.RefusalCounters;
import dev.roster.http.problem.RefusedExceptionMapper;
import dev.roster.http.problem.UnexpectedExceptionMapper;
import dev.roster.http.problem.WebApplicationExceptionMapper;
import dev.roster.http.protocol.AcceptFilter;
import dev.roster.http.protocol.ProtocolSetup;
import dev.roster.http.trace.RequestNotes;
import dev.roster.http.trace.ResponseHeadersFilter;
import dev.roster.http.trace.RouteFeature;
import io.dropwizard.core.server.AbstractServerFactory;
import io.dropwizard.core.setup.Environment;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.glassfish.jersey.server.ServerProperties;

/** Sets up HTTP on both ports. */
public final class HttpModule implements Room {
    private static final String REALM = "roster";
    private static final String ADMIN_REALM = "roster-admin";

    private final HttpConfiguration configuration;

    public HttpModule(HttpConfiguration configuration) {
        this.configuration = configuration;
    }

    @Override
    public void plugInto(Host host) {
        ((AbstractServerFactory) configuration.server()).setRegisterDefaultExceptionMappers(false);
        Environment environment = host.environment();
        AdminJersey admin = host.adminJersey();
        formatJson(environment.getObjectMapper());
        RefusalCounters refusals = new RefusalCounters(host.metrics(), configuration.limits());
        addJersey(
                host::jersey,
                new RouteFeature(RequestNotes.USER_ID),
                new RefusedExceptionMapper(refusals, REALM, "user", true));
        addJersey(
                host::adminJersey,
                new RouteFeature(RequestNotes.KEY_ID),
                new RefusedExceptionMapper(refusals, ADMIN_REALM, "key", false));
        // Send Location as it is: without the client's Host header.
        environment.jersey().property(ServerProperties.LOCATION_HEADER_RELATIVE_URI_RESOLUTION_DISABLED, true);
        admin.property(ServerProperties.LOCATION_HEADER_RELATIVE_URI_RESOLUTION_DISABLED, true);
        addFilters(environment, admin);
        admin.serve();
        setUpJetty(host);
        // At the start, when all rooms have added their body types.
        host.onStart(() -> {
            JsonBodyReader reader = new JsonBodyReader(bodyModule(host), environment.getValidator());
            host.jersey(reader);
            host.adminJersey(reader);
        });
    }

    private void setUpJetty(Host host) {
        Environment environment = host.environment();
        EndedConnections ended = new EndedConnections(host.metrics());
        JettyErrorHandler errors = new JettyErrorHandler(environment.getObjectMapper(), configuration.corsOrigins());
        environment.getApplicationContext().setErrorHandler(errors);
        environment
                .getAdminContext()
                .setErrorHandler(new JettyErrorHandler(environment.getObjectMapper(), AllowedOrigins.NONE));
        environment
                .lifecycle()
                .addEventListener(new JettySetup(
                        configuration.connections(),
                        configuration.proxies(),
                        errors,
                        List.of(
                                environment.getApplicationContext().getServletHandler(),
                                environment.getAdminContext().getServletHandler()),
                        new UnreadAnswers(ended),
                        host.metrics()));
        environment
                .lifecycle()
                .addEventListener(new ProtocolSetup(
                        configuration.connections().idleTimeout().toJavaDuration(),
                        configuration.hosts(),
                        environment.metrics()));
        host.onStart(() -> limitConnections(host, ended));
    }

    // Applies to bodies only, not to config.yml: Dropwizard's own settings are not in snake case.
    private static void formatJson(ObjectMapper json) {
        json.setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
        json.configOverride(Instant.class)
                .setFormat(JsonFormat.Value.forPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSX")
                        .withTimeZone(TimeZone.getTimeZone("UTC")));
    }

    private void limitConnections(Host host, EndedConnections ended) {
        Environment environment = host.environment();
        // Made before the server is built: an executor that is made later does not stop with the server.
        ScheduledExecutorService executor = environment
                .lifecycle()
                .scheduledExecutorService("connections", true)
                .build();
        environment.lifecycle().addServerLifecycleListener(started -> {
            Connections limiter = new Connections(started, configuration.connections(), ended, host.metrics());
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
        if (type.form() == BodyType.Form.OBJECT) {
            bodies.addObject(type.type(), type.parse(), type.standIn());
        } else {
            bodies.add(type.type(), type.parse(), type.standIn());
        }
    }

    /** Each Jersey application needs its own instances: Jersey sets their fields. */
    private static void addJersey(Consumer<Object> jersey, RouteFeature routes, RefusedExceptionMapper refusals) {
        jersey.accept(routes);
        jersey.accept(refusals);
        jersey.accept(new PoolClientFilter());
        jersey.accept(new RequestParamProvider.Binder());
        jersey.accept(new FormBodyReader());
        jersey.accept(new RequestBodyFilter());
        jersey.accept(new AbsentBodyFilter());
        jersey.accept(new AcceptFilter());
        jersey.accept(new PathParamConverterProvider());
        jersey.accept(new OptionsFilter());
        jersey.accept(new BodyExceptionMapper());
        jersey.accept(new WebApplicationExceptionMapper());
        jersey.accept(new UnexpectedExceptionMapper());
    }

    private void addFilters(Environment environment, AdminJersey admin) {
        addFilter(environment, "response-headers", new ResponseHeadersFilter(), false);
        addFilter(environment, "cross-origin", new CrossOriginFilter(configuration.corsOrigins()), true);
        addFilter(environment, "content-type", new ContentTypeFilter(), false);
        addFilter(environment, "pool-client", new PoolClientFilter(), false);
        environment
                .admin()
                .addFilter("response-headers", new ResponseHeadersFilter())
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
        admin.addFilter("content-type", new ContentTypeFilter());
        admin.addFilter("pool-client", new PoolClientFilter());
    }

    private static void addFilter(Environment environment, String name, Filter filter, boolean isMatchAfter) {
        environment
                .servlets()
                .addFilter(name, filter)
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), isMatchAfter, "/*");
    }
}
