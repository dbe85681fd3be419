package dev.roster.query;

import dev.roster.http.body.QueryParameters;
import dev.roster.key.SecretKey;
import dev.roster.refusal.InvalidValueException;
import dev.roster.token.AccessToken;
import dev.roster.user.Role;
import dev.roster.user.Roles;
import dev.roster.user.User;
import io.dropwizard.auth.Auth;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Lists users. */
@Path(UserListResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
public final class UserListResource {
    static final String PATH = "/api/v1/users";

    private static final Set<String> PARAMETERS = Set.of("limit", "cursor", "role", "q", "sort");
    private static final Pattern LIMIT = Pattern.compile("[1-9][0-9]{0,2}");
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 200;

    private final UserLists lists;
    private final Roles roles;
    private final Cursors cursors;

    /** @param key nobody can make a cursor who does not have it */
    public UserListResource(UserLists lists, Roles roles, SecretKey key) {
        this.lists = lists;
        this.roles = roles;
        this.cursors = new Cursors(key);
    }

    @GET
    public Response list(
            @Auth AccessToken caller, @Context HttpServletRequest asSent, @Context ContainerRequestContext request) {
        // Jersey's own view of the query has repaired what is wrong with it.
        QueryParameters parameters = new QueryParameters(asSent.getQueryString(), PARAMETERS);
        Integer limit = parameters.get("limit", UserListResource::parseLimit);
        Sort sort = parameters.get("sort", Sort::parse);
        Role role = parameters.get("role", roles::parseAny);
        SearchTerm piece = parameters.get("q", SearchTerm::new);
        UserList list = new UserList(sort == null ? Sort.CREATED_AT : sort, role, piece);
        String mark = parameters.areValid("sort", "role", "q") ? list.mark() : null;
        ListPlace after = parameters.get("cursor", cursor -> cursors.read(cursor, mark));
        parameters.requireValid();

        int size = limit == null ? DEFAULT_LIMIT : limit;
        List<ListedUser> users = lists.read(request, new ListStatement(list, after, size + 1));
        if (users.size() <= size) {
            return Response.ok(UserPage.of(users, null)).build();
        }
        List<ListedUser> shown = users.subList(0, size);
        String next = cursors.write(list.mark(), shown.get(size - 1).place());
        return Response.ok(UserPage.of(shown, next))
                .header(HttpHeaders.LINK, "<" + PATH + "?" + parameters.with("cursor", next) + ">; rel=\"next\"")
                .build();
    }

    private static int parseLimit(String text) {
        int limit = LIMIT.matcher(text).matches() ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new InvalidValueException("must be a whole number from 1 to " + MAX_LIMIT);
        }
        return limit;
    }

    /**
     * A page of a list.
     *
     * @param nextCursor what to ask for the next page with; null where this is the last
     */
    public record UserPage(List<User> users, @Nullable String nextCursor) {
        private static UserPage of(List<ListedUser> users, @Nullable String nextCursor) {
            return new UserPage(users.stream().map(ListedUser::user).toList(), nextCursor);
        }
    }
}
