package dev.roster.support.http;

import dev.roster.RosterApplication;
import dev.roster.RosterConfiguration;
import dev.roster.http.UserPath;
import dev.roster.shell.terminal.Terminal;
import dev.roster.support.RosterExtension;
import io.dropwizard.core.setup.Environment;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.glassfish.jersey.server.model.Parameter;
import org.glassfish.jersey.server.model.Resource;
import org.glassfish.jersey.server.model.ResourceMethod;
import org.glassfish.jersey.server.model.ResourceModel;
import org.glassfish.jersey.server.monitoring.ApplicationEvent;
import org.glassfish.jersey.server.monitoring.ApplicationEventListener;
import org.glassfish.jersey.server.monitoring.RequestEvent;
import org.glassfish.jersey.server.monitoring.RequestEventListener;
import org.jspecify.annotations.Nullable;

/** The routes of a running service. Pass {@code routes::service} to {@link RosterExtension#running}. */
public final class Routes {
    private final CompletableFuture<ResourceModel> model = new CompletableFuture<>();

    /** The service whose routes this object lists. */
    public RosterApplication service(UnaryOperator<@Nullable String> environment, Clock clock) {
        return new RosterApplication(environment, clock, Terminal.ofProcess()) {
            @Override
            public void run(RosterConfiguration configuration, Environment services) throws Exception {
                super.run(configuration, services);
                services.jersey().register(new Listener());
            }
        };
    }

    /** All routes, such as {@code GET /api/v1/users/{id}}. Each route of one user is also one of {@code /users/me}. */
    public List<String> list() {
        return all().map(Route::name).toList();
    }

    /** The routes of the API, without those of its documentation. */
    public List<String> ofApi() {
        return list().stream()
                .filter(route -> route.matches("\\w+ (" + OpenApi.USERS.base() + "|/oauth|/\\.well-known)/.*"))
                .filter(route -> !route.endsWith("{path: .+}")) // of an issuer with a path: ServerMetadataIT
                .toList();
    }

    /** The type of the body of each route that reads one. */
    public Map<String, Class<?>> bodies() {
        Map<String, Class<?>> bodies = new TreeMap<>();
        all().forEach(route -> route.method().getInvocable().getParameters().stream()
                .filter(parameter -> parameter.getSource() == Parameter.Source.ENTITY
                        && parameter.getRawType().isRecord()) // and no form
                .forEach(parameter -> bodies.put(route.name(), parameter.getRawType())));
        return bodies;
    }

    private Stream<Route> all() {
        return model.join().getResources().stream()
                .flatMap(resource -> routes("", resource))
                .flatMap(route -> Stream.of(
                                route, new Route(route.name().replace("/users/{id}", "/users/me"), route.method()))
                        .distinct());
    }

    private static Stream<Route> routes(String parent, Resource resource) {
        String path = (parent + "/" + resource.getPath()).replaceAll("/+", "/").replace(UserPath.BY_ID, "/{id}");
        return Stream.concat(
                resource.getResourceMethods().stream()
                        .filter(method -> !method.isExtended()) // added by Jersey
                        .map(method -> new Route(method.getHttpMethod() + " " + path, method)),
                resource.getChildResources().stream().flatMap(child -> routes(path, child)));
    }

    private record Route(String name, ResourceMethod method) {}

    /** Receives the routes once the service has started. */
    private final class Listener implements ApplicationEventListener {
        @Override
        public void onEvent(ApplicationEvent event) {
            if (event.getType() == ApplicationEvent.Type.INITIALIZATION_FINISHED) {
                model.complete(event.getResourceModel());
            }
        }

        @Override
        public @Nullable RequestEventListener onRequest(RequestEvent event) {
            return null;
        }
    }
}
