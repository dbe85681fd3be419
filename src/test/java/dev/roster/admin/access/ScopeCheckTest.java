package dev.roster.admin.access;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roster.apikey.Scope;
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

    /** A document. */
    @Path("/")
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
    void routesWithAScopeAndDocumentsStart() {
        assertThatCode(() -> start(new Guarded())).doesNotThrowAnyException();
        assertThatCode(() -> start(new Document())).doesNotThrowAnyException();
    }

    private static void start(Object resource) {
        var unused = new ApplicationHandler(
                new ResourceConfig().register(new ScopeCheck()).register(resource));
    }
}
