package dev.roster.integration.stream;

import dev.roster.apikey.Scope;
import dev.roster.http.condition.Preconditions;
import dev.roster.http.condition.Validators;
import dev.roster.http.connection.BufferingHandler;
import dev.roster.http.trace.RequestContext;
import dev.roster.integration.access.ServiceKeys;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Streams revocations to holders of an API key with the scope {@code revocations}. */
@Path("/api/v1/revocations")
@Produces(MediaType.SERVER_SENT_EVENTS)
public final class RevocationResource {
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Type", MediaType.SERVER_SENT_EVENTS,
            "Connection", "close",
            "X-Accel-Buffering", "no"); // otherwise nginx would hold events back

    private final ServiceKeys keys;
    private final RevocationStreams streams;

    RevocationResource(ServiceKeys keys, RevocationStreams streams) {
        this.keys = keys;
        this.streams = streams;
    }

    /** Writes past Jersey, which holds the first 8 KiB of every entity back. HEAD opens no stream. */
    @GET
    public void stream(
            @Context HttpServletRequest request,
            @Context ContainerRequestContext context,
            @HeaderParam("Last-Event-ID") @Nullable String lastEventId,
            @Suspended AsyncResponse response) {
        String keyId = keys.authenticate(request, Scope.REVOCATIONS).id();
        if (Preconditions.of(context).isNotModified(Validators.NONE)) {
            boolean unused = response.resume(Response.notModified().build());
            return;
        }
        if (request.getMethod().equals(HttpMethod.HEAD)) {
            Response.ResponseBuilder headers = Response.ok();
            HEADERS.forEach(headers::header);
            boolean unused = response.resume(headers.build());
            return;
        }
        HttpServletResponse answer =
                (HttpServletResponse) request.getAsyncContext().getResponse();
        RevocationStream stream = streams.open(keyId);
        BufferingHandler.stream(request);
        streams.start(stream, RequestContext.current().wrap(() -> {
            try {
                HEADERS.forEach(answer::setHeader);
                stream.write(answer, lastEventId);
            } finally {
                boolean unused = response.resume(Response.ok().build()); // ends the request; the answer has been sent
            }
        }));
    }
}
