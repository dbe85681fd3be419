package dev.roster.admin.query;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.roster.admin.access.RequiresScope;
import dev.roster.apikey.Scope;
import dev.roster.http.condition.Preconditions;
import dev.roster.http.condition.Validators;
import dev.roster.operator.PersonalDataExport;
import dev.roster.operator.UserReference;
import dev.roster.query.OperatorReads;
import dev.roster.query.OperatorUser;
import dev.roster.query.Session;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;

/** Shows one user to operators. */
@Path(OperatorListResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
public final class OperatorUserResource {
    /** How many exports may run at once: each holds a connection and up to 8 MiB. */
    private static final int MOST_EXPORTS = 2;

    private static final String CACHE_CONTROL = "private, no-cache";

    private final OperatorReads reads;
    private final PersonalDataExport export;
    private final Semaphore exports = new Semaphore(MOST_EXPORTS);

    public OperatorUserResource(OperatorReads reads, PersonalDataExport export) {
        this.reads = reads;
        this.export = export;
    }

    @GET
    @Path("/{id}")
    @RequiresScope(Scope.USERS_READ)
    public Response get(@PathParam("id") UUID id, @Context ContainerRequestContext request) {
        OperatorUser user = reads.user(request, id);
        Validators validators = new Validators(Long.toString(user.version()), null);
        return (Preconditions.of(request).isNotModified(validators) ? Response.notModified() : Response.ok(user))
                .header(HttpHeaders.ETAG, validators.quotedTag())
                .header(HttpHeaders.CACHE_CONTROL, CACHE_CONTROL)
                .header(HttpHeaders.VARY, HttpHeaders.AUTHORIZATION)
                .build();
    }

    @GET
    @Path("/{id}/sessions")
    @RequiresScope(Scope.USERS_READ)
    public Response sessions(@PathParam("id") UUID id, @Context ContainerRequestContext request) {
        OperatorSessions sessions = new OperatorSessions(reads.sessions(request, id));
        return Preconditions.of(request).isNotModified(Validators.NONE)
                ? Response.notModified().build()
                : Response.ok(sessions).build();
    }

    /**
     * Exports all that is held about a person, who may be deleted. The answer begins when all of it has been read, so a
     * failure still gets its own status.
     */
    @GET
    @Path("/{id}/export")
    @RequiresScope(Scope.USERS_READ)
    public Response export(@PathParam("id") UUID id, @Context ContainerRequestContext request) throws IOException {
        ExportBuffer buffer = new ExportBuffer();
        if (!exports.tryAcquire()) {
            throw new RefusedException(Refusal.UNAVAILABLE, "This node is making other exports.");
        }
        try {
            export.write(UserReference.of(id), buffer);
        } finally {
            exports.release();
        }
        return Preconditions.of(request).isNotModified(Validators.NONE)
                ? Response.notModified().build()
                : Response.ok(buffer)
                        .header(HttpHeaders.CONTENT_LENGTH, buffer.size())
                        .build();
    }

    /** The response body. It has no {@code current}, because an operator's request belongs to no session. */
    public record OperatorSessions(
            @JsonIgnoreProperties("current") List<Session> sessions) {}
}
