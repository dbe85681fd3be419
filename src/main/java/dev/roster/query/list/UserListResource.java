package dev.roster.query.list;

import dev.roster.query.filter.UserFilters;
import dev.roster.token.AccessToken;
import dev.roster.user.User;
import io.dropwizard.auth.Auth;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Lists users. */
@Path(UserListResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
public final class UserListResource {
    static final String PATH = "/api/v1/users";

    static final ListView<User> VIEW =
            new ListView<>(PATH, UserFilters.PUBLIC, User.COLUMNS, (row, context) -> User.read(row));

    private final UserLists lists;

    public UserListResource(UserLists lists) {
        this.lists = lists;
    }

    @GET
    public Response list(
            @Auth AccessToken caller,
            @Context HttpServletRequest rawRequest,
            @Context ContainerRequestContext request) {
        return lists.page(VIEW, rawRequest.getQueryString(), request);
    }
}
