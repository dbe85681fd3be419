package dev.roster.admin.query;

import dev.roster.admin.access.RequiresScope;
import dev.roster.apikey.Scope;
import dev.roster.query.OperatorUser;
import dev.roster.query.filter.UserFilters;
import dev.roster.query.list.ListView;
import dev.roster.query.list.UserLists;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Lists and counts users for operators. */
@Path(OperatorListResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
public final class OperatorListResource {
    static final String PATH = "/admin/v1/users";

    private static final ListView<OperatorUser> VIEW =
            new ListView<>(PATH, UserFilters.ALL, OperatorUser.COLUMNS, (row, context) -> OperatorUser.read(row));

    private final UserLists lists;

    public OperatorListResource(UserLists lists) {
        this.lists = lists;
    }

    @GET
    @RequiresScope(Scope.USERS_READ)
    public Response list(@Context HttpServletRequest rawRequest, @Context ContainerRequestContext request) {
        return lists.page(VIEW, rawRequest.getQueryString(), request);
    }

    @GET
    @Path("/count")
    @RequiresScope(Scope.USERS_READ)
    public Response count(@Context HttpServletRequest rawRequest, @Context ContainerRequestContext request) {
        return lists.count(VIEW, rawRequest.getQueryString(), request);
    }
}
