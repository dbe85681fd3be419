package dev.roster.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.RosterApplication;
import dev.roster.RosterConfiguration;
import dev.roster.shell.terminal.Terminal;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Leaks;
import dev.roster.support.http.RawHttp;
import dev.roster.support.http.RawHttp.Answers;
import dev.roster.support.http.Reply;
import io.dropwizard.core.setup.Environment;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.InternalServerErrorException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.server.AbstractConnector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults of the service. The client gets the request id and no internals. */
class FailureIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension().running(FailingRoster::new);

    private static final String INSIDE = "ERROR: relation \"token_blocklist\" java.lang.Secret";

    private final Api api = ROSTER.api();

    /** L1, L2 */
    @ParameterizedTest
    @ValueSource(strings = {"unchecked", "error", "checked", "web", "writing", "filter", "filter-error"})
    void faultRevealsNoInternals(String kind) {
        Reply reply = api.send(api.request("/failing/" + kind)
                .header("X-Request-Id", "the-clients-own")
                .GET());

        Leaks.none(reply.expectProblem(500, "internal"));
        assertThat(reply.body().fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("type", "title", "status", "detail", "instance", "request_id");
        assertThat(reply.header("X-Request-Id")).isEqualTo("the-clients-own");
    }

    /** L1: a body that stops arriving gets 408 in time. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 100\r\n\r\n{",
                "Transfer-Encoding: chunked\r\n\r\n5\r\n{",
                "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"
            })
    void bodyThatStopsArrivingGets408(String rest) {
        List<AbstractConnector> connectors = connectors();
        List<Long> timeouts =
                connectors.stream().map(AbstractConnector::getIdleTimeout).toList();
        connectors.forEach(connector -> connector.setIdleTimeout(500));
        try {
            Answers answers = ROSTER.raw()
                    .send("POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" + rest);

            Reply reply = answers.only().expectProblem(408, "malformed");
            assertThat(reply.header("Connection")).isEqualTo("close");
            assertThat(answers.closed()).isTrue();
        } finally {
            for (int i = 0; i < connectors.size(); i++) {
                connectors.get(i).setIdleTimeout(timeouts.get(i));
            }
        }
    }

    /** L1 */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 100\r\n\r\n{",
                "Transfer-Encoding: chunked\r\n\r\n5\r\n{",
                "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"
            })
    void bodyThatBreaksOffIsRefused(String rest) {
        byte[] request = RawHttp.bytes(
                "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" + rest);

        ROSTER.raw().sendAll(request).only().expectProblem(400, "malformed");
    }

    @Test
    void serviceContinuesAfterAFault() {
        api.get("/failing/error", null).expect(500);

        api.get("/users/me", api.newUser().token()).expect(200);
    }

    private static List<AbstractConnector> connectors() {
        return List.of(ROSTER.support()
                        .getEnvironment()
                        .getApplicationContext()
                        .getServer()
                        .getConnectors())
                .stream()
                .map(AbstractConnector.class::cast)
                .toList();
    }

    /** The service with a failing resource and a failing filter. */
    private static final class FailingRoster extends RosterApplication {
        FailingRoster(UnaryOperator<@Nullable String> environment, Clock clock) {
            super(environment, clock, Terminal.ofProcess());
        }

        @Override
        public void run(RosterConfiguration configuration, Environment environment) throws Exception {
            super.run(configuration, environment);
            environment.jersey().register(new FailingResource());
            environment
                    .servlets()
                    .addFilter("failing", new FailingFilter())
                    .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/api/v1/failing/*");
        }
    }

    /** Fails in every way a resource can. */
    @Path("/api/v1/failing")
    @Produces(MediaType.APPLICATION_JSON)
    public static final class FailingResource {
        @GET
        @Path("/{kind}")
        public Object fail(@PathParam("kind") String kind) throws IOException {
            switch (kind) {
                case "unchecked" -> throw new IllegalStateException(INSIDE);
                case "error" -> throw new AssertionError(INSIDE);
                case "checked" -> throw new IOException(INSIDE);
                case "web" -> throw new InternalServerErrorException(INSIDE, new IllegalStateException(INSIDE));
                default -> {
                    return new Unwritable();
                }
            }
        }
    }

    /** Fails when it is written as JSON. */
    public static final class Unwritable {
        public String getText() {
            return Optional.<String>empty().orElseThrow(() -> new IllegalStateException(INSIDE));
        }
    }

    private static final class FailingFilter extends HttpFilter {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            switch (request.getRequestURI()) {
                case "/api/v1/failing/filter" -> throw new ServletException(INSIDE);
                case "/api/v1/failing/filter-error" -> throw new AssertionError(INSIDE);
                default -> chain.doFilter(request, response);
            }
        }
    }
}
