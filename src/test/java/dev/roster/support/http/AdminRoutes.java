package dev.roster.support.http;

import dev.roster.admin.access.RequiresScope;
import dev.roster.apikey.Scope;
import dev.roster.host.admin.AdminJersey;
import dev.roster.support.RosterExtension;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.eclipse.jetty.ee10.servlet.ServletHandler;
import org.glassfish.jersey.servlet.ServletContainer;
import org.jspecify.annotations.Nullable;

/** The routes of the operators' API of a running service, as they are registered. */
public final class AdminRoutes {
    private AdminRoutes() {}

    /**
     * One route.
     *
     * @param path the template of the whole path
     * @param scope null if it has none
     * @param body the type of its body; null if it reads none
     */
    public record Route(
            String method,
            String path,
            @Nullable Scope scope,
            @Nullable Class<?> body) {
        /** The path with ids that do not exist. */
        public String anyPath() {
            return path.replaceAll("\\{[^}]*}", UUID.randomUUID().toString());
        }

        /** The route as the document names it. */
        public String documented() {
            return toString().replaceAll("\\{(\\w+)[^}]*}", "{$1}");
        }

        public boolean isWrite() {
            return !method.equals("GET");
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    /** All of them. */
    public static List<Route> of(RosterExtension roster) {
        ServletHandler servlets =
                roster.support().getEnvironment().getAdminContext().getServletHandler();
        ServletContainer jersey =
                (ServletContainer) servlets.getFilter("admin-jersey").getFilter();
        return jersey.getConfiguration().getClasses().stream()
                .filter(type -> type.isAnnotationPresent(Path.class))
                .<Route>flatMap(AdminRoutes::routes)
                .filter(route -> AdminJersey.isApi(route.path()))
                .toList();
    }

    private static Stream<Route> routes(Class<?> resource) {
        String parent =
                Objects.requireNonNull(resource.getAnnotation(Path.class)).value();
        return Arrays.stream(resource.getDeclaredMethods()).flatMap(method -> routes(parent, method));
    }

    private static Stream<Route> routes(String parent, Method method) {
        Path path = method.getAnnotation(Path.class);
        RequiresScope scope = method.getAnnotation(RequiresScope.class);
        String template = ("/" + parent + "/" + (path == null ? "" : path.value()))
                .replaceAll("/{2,}", "/")
                .replaceAll("/$", "");
        Class<?> body = Arrays.stream(method.getParameters())
                .filter(parameter -> parameter.getAnnotations().length == 0)
                .<Class<?>>map(Parameter::getType)
                .findFirst()
                .orElse(null);
        return Arrays.stream(method.getAnnotations())
                .map(Annotation::annotationType)
                .map(type -> type.getAnnotation(HttpMethod.class))
                .filter(Objects::nonNull)
                .map(http -> new Route(http.value(), template, scope == null ? null : scope.value(), body));
    }
}
