package dev.roster.admin.access;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roster.apikey.Scope;
import dev.roster.host.admin.NeedsNoKey;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.glassfish.jersey.server.ApplicationHandler;
import org.glassfish.jersey.server.ResourceConfig;
import org.junit.jupiter.api.Test;

class ScopeCheckTest {
    /** A resource with a scope. */
    @Path("/admin/v1/guarded")
    public static final class Guarded {
        @GET
        @RequiresScope(Scope.KEYS)
        public String get() {
            return "";
        }
    }

    /** A resource with a route that lacks one. */
    @Path("/admin/v1")
    public static final class Unguarded {
        @GET
        @RequiresScope(Scope.KEYS)
        public String get() {
            return "";
        }

        @GET
        @Path("unguarded")
        public String unguarded() {
            return "";
        }
    }

    /** A resource that does not say whether it needs a key. */
    @Path("/docs")
    public static final class Silent {
        @GET
        public String silent() {
            return "";
        }
    }

    /** A resource of the operators' API that says that it needs none. */
    @Path("/admin/v1")
    @NeedsNoKey
    public static final class Open {
        @GET
        public String open() {
            return "";
        }
    }

    /** A document. */
    @Path("/")
    @NeedsNoKey
    public static final class Document {
        @GET
        @Path("docs")
        public String get() {
            return "";
        }
    }

    @Test
    void routeWithoutAScopeStopsTheStart() {
        assertThatThrownBy(() -> start(new Unguarded())).hasStackTraceContaining("unguarded() has no @RequiresScope");
    }

    @Test
    void routeThatDoesNotSayWhetherItNeedsAKeyStopsTheStart() {
        assertThatThrownBy(() -> start(new Silent())).hasStackTraceContaining("silent() has no @RequiresScope");
    }

    @Test
    void routeOfTheApiThatNeedsNoKeyStopsTheStart() {
        assertThatThrownBy(() -> start(new Open()))
                .hasStackTraceContaining("open() is below /admin/v1 and needs no key");
    }

    @Test
    void routesWithAScopeAndDocumentsStart() {
        assertThatCode(() -> start(new Guarded())).doesNotThrowAnyException();
        assertThatCode(() -> start(new Document())).doesNotThrowAnyException();
    }

    private static void start(Object resource) {
        var unused = new ApplicationHandler(
                new ResourceConfig().register(new ScopeCheck()).register(resource));
    }
}
