package dev.roster.support.http;

import dev.roster.RosterApplication;
import dev.roster.RosterConfiguration;
import dev.roster.http.UserPath;
import dev.roster.support.RosterExtension;
import io.dropwizard.core.setup.Environment;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.glassfish.jersey.server.model.Resource;
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
        return new RosterApplication(environment, clock) {
            @Override
            public void run(RosterConfiguration configuration, Environment services) throws Exception {
                super.run(configuration, services);
                services.jersey().register(new Listener());
            }
        };
    }

    /** All routes, such as {@code GET /api/v1/users/{id}}. Each route of one user is also one of {@code /users/me}. */
    public List<String> list() {
        return model.join().getResources().stream()
                .flatMap(resource -> routes("", resource))
                .flatMap(route -> Stream.of(route, route.replace("/users/{id}", "/users/me"))
                        .distinct())
                .toList();
    }

    /** The routes of the API, without those of its documentation. */
    public List<String> ofApi() {
        return list().stream()
                .filter(route -> route.contains(OpenApi.USERS.base()))
                .toList();
    }

    private static Stream<String> routes(String parent, Resource resource) {
        String path = (parent + "/" + resource.getPath()).replaceAll("/+", "/").replace(UserPath.BY_ID, "/{id}");
        return Stream.concat(
                resource.getResourceMethods().stream()
                        .filter(method -> !method.isExtended()) // added by Jersey
                        .map(method -> method.getHttpMethod() + " " + path),
                resource.getChildResources().stream().flatMap(child -> routes(path, child)));
    }

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
