package dev.roster.admin.query;

import dev.roster.admin.access.RequiresScope;
import dev.roster.apikey.Scope;
import dev.roster.http.RelativeReference;
import dev.roster.http.body.QueryParameters;
import dev.roster.http.condition.Preconditions;
import dev.roster.http.condition.Validators;
import dev.roster.query.list.Cursors;
import dev.roster.query.list.ListPlace;
import dev.roster.query.list.PageSize;
import dev.roster.query.replica.Reads;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lists events of the audit trail. */
@Path(AuditResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
public final class AuditResource {
    static final String PATH = "/admin/v1/audit";

    private final Reads reads;
    private final Cursors cursors;

    /** @param reads the connections that are reserved for lists */
    public AuditResource(Reads reads, Cursors cursors) {
        this.reads = reads;
        this.cursors = cursors;
    }

    @GET
    @RequiresScope(Scope.AUDIT_READ)
    public Response list(@Context HttpServletRequest rawRequest, @Context ContainerRequestContext request) {
        Set<String> known = new HashSet<>(AuditFilters.PARAMETERS);
        known.addAll(Set.of("limit", "cursor"));
        QueryParameters parameters = new QueryParameters(rawRequest.getQueryString(), known);
        Integer limit = parameters.get("limit", PageSize::parse);
        AuditFilters filters = AuditFilters.of(parameters);
        String[] names = AuditFilters.PARAMETERS.toArray(String[]::new);
        String identity = parameters.areValid(names) ? filters.identity() : null;
        ListPlace after = parameters.get("cursor", cursor -> cursors.read(cursor, identity));
        parameters.requireValid();

        int size = limit == null ? PageSize.DEFAULT : limit;
        List<AuditEntry> events = reads.read(request, new AuditStatement(filters, after, size + 1)::read);
        if (Preconditions.of(request).isNotModified(Validators.NONE)) {
            return Response.notModified().build();
        }
        if (events.size() <= size) {
            return Response.ok(new AuditPage(events, null)).build();
        }
        List<AuditEntry> shown = events.subList(0, size);
        String next = cursors.write(filters.identity(), AuditStatement.place(shown.get(size - 1)));
        String nextPage = RelativeReference.to(PATH + "?" + parameters.with("cursor", next), request);
        return Response.ok(new AuditPage(shown, next))
                .header(HttpHeaders.LINK, "<" + nextPage + ">; rel=\"next\"")
                .build();
    }

    /**
     * A page of the audit trail.
     *
     * @param nextCursor the cursor of the next page; null on the last page
     */
    public record AuditPage(
            List<AuditEntry> events, @Nullable String nextCursor) {}
}
