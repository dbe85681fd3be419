package dev.roster.support.http;

import dev.roster.RosterApplication;
import dev.roster.RosterConfiguration;
import dev.roster.http.connection.BufferingHandler;
import dev.roster.shell.terminal.Terminal;
import io.dropwizard.core.setup.Environment;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An answer that exceeds the kernel's send buffer, which no answer of the service does by itself. */
@Path(LargeAnswer.PATH)
public final class LargeAnswer {
    public static final String PATH = "/large";
    public static final int LENGTH = 2_000_000;

    private final byte[] body = new byte[LENGTH];

    /** A service that also has the large answer. All its clients share one copy of the body. */
    public static RosterApplication service(UnaryOperator<@Nullable String> environment, Clock clock) {
        return new RosterApplication(environment, clock, Terminal.ofProcess()) {
            @Override
            public void run(RosterConfiguration configuration, Environment services) throws Exception {
                super.run(configuration, services);
                services.jersey().register(new LargeAnswer());
            }
        };
    }

    @GET
    public Response get(@Context HttpServletRequest request) {
        BufferingHandler.share(request, body);
        return Response.ok(body).header(HttpHeaders.CONTENT_LENGTH, LENGTH).build();
    }
}
