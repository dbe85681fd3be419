package dev.roster.admin.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.apikey.Scope;
import dev.roster.host.admin.NeedsNoKey;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.http.AdminApi;
import dev.roster.support.http.Reply;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.servlet.ServletContainer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Routes that {@link ScopeCheck} does not see at the start: those of sub-resources. */
class KeyFilterIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension().with("ADDRESS_FAILURES", "0");

    private static final List<String> PATHS = List.of("/admin/v1/of-a-test", "/page/of-a-test/below");

    private final AdminApi admin = new AdminApi(ROSTER.admin(), null);

    /** Has no annotation that says who may read it. */
    public static final class Silent {
        @GET
        public String get() {
            return "silent";
        }
    }

    /** Leads to a resource without an annotation, from a class that has one. */
    @Path("/")
    @NeedsNoKey
    public static final class Locator {
        @Path("{path: admin/v1/of-a-test|page/of-a-test/below}")
        public Silent silent() {
            return new Silent();
        }
    }

    @BeforeAll
    static void addLocator() {
        ServletContainer jersey = (ServletContainer) ROSTER.support()
                .getEnvironment()
                .getAdminContext()
                .getServletHandler()
                .getFilter("admin-jersey")
                .getFilter();
        ResourceConfig present = jersey.getConfiguration();
        Set<Object> components = present.getInstances().stream()
                .filter(component -> !(component instanceof ScopeCheck))
                .collect(Collectors.toSet());
        Set<Class<?>> types = components.stream().map(Object::getClass).collect(Collectors.toSet());
        jersey.reload(new ResourceConfig()
                .addProperties(present.getProperties())
                .registerClasses(present.getClasses().stream()
                        .filter(type -> !types.contains(type) && type != ScopeCheck.class)
                        .collect(Collectors.toSet()))
                .registerInstances(components)
                .register(new Locator()));
    }

    @Test
    void routeWithoutAnAnnotationNeedsAKey() {
        for (String path : PATHS) {
            get(path, null).expectProblem(401, "unauthenticated");
        }
    }

    @Test
    void routeWithoutAnAnnotationIsClosedToEveryKey() {
        String key = TestKeys.make(ROSTER.jdbi(), Scope.values());

        for (String path : PATHS) {
            Reply reply = get(path, key).expectProblem(403, "forbidden");

            assertThat(reply.body().path("detail").asText()).isEqualTo("No key allows this request.");
        }
    }

    @Test
    void documentsNeedNoKey() {
        for (String path : List.of("/", "/docs", "/openapi.yaml", "/page/page.css")) {
            get(path, null).expect(200);
        }
    }

    private Reply get(String path, @Nullable String key) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(ROSTER.admin() + path));
        return admin.send(key == null ? request : request.header("Authorization", "Bearer " + key));
    }
}
