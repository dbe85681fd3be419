package dev.roster.query.list;

import dev.roster.http.RelativeReference;
import dev.roster.http.body.QueryParameters;
import dev.roster.http.condition.Preconditions;
import dev.roster.http.condition.Validators;
import dev.roster.key.SecretKey;
import dev.roster.profile.ProfileFilter;
import dev.roster.query.replica.Reads;
import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.InvalidValueException;
import dev.roster.token.AccessToken;
import dev.roster.user.Role;
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

    private final Reads reads;
    private final Filters filters;
    private final Set<String> parameters;
    private final Cursors cursors;

    /**
     * @param reads the connections that are reserved for lists
     * @param key authenticates the cursors
     */
    public UserListResource(Reads reads, Filters filters, SecretKey key) {
        this.reads = reads;
        this.filters = filters;
        this.parameters = filters.parameters(PARAMETERS);
        this.cursors = new Cursors(key);
    }

    @GET
    public Response list(
            @Auth AccessToken caller,
            @Context HttpServletRequest rawRequest,
            @Context ContainerRequestContext request) {
        // Jersey accepts malformed query strings: parse the raw one.
        QueryParameters sent = new QueryParameters(rawRequest.getQueryString(), parameters);
        Integer limit = sent.get("limit", UserListResource::parseLimit);
        Sort sort = sent.get("sort", Sort::parse);
        Role role = sent.get("role", filters.roles()::parseAny);
        SearchTerm term = sent.get("q", SearchTerm::new);
        ProfileValue profile = profile(sent);
        UserList list = new UserList(sort == null ? Sort.CREATED_AT : sort, role, term, profile);
        boolean isKnown = sent.areValid("sort", "role", "q")
                && filters.profile().stream().allMatch(filter -> sent.areValid(filter.parameter()));
        String identity = isKnown ? list.identity() : null;
        ListPlace after = sent.get("cursor", cursor -> cursors.read(cursor, identity));
        sent.requireValid();

        int size = limit == null ? DEFAULT_LIMIT : limit;
        List<ListedUser> users = reads.read(request, new ListStatement(list, after, size + 1)::read);
        if (Preconditions.of(request).isNotModified(Validators.NONE)) {
            return Response.notModified().build();
        }
        if (users.size() <= size) {
            return Response.ok(UserPage.of(users, null)).build();
        }
        List<ListedUser> shown = users.subList(0, size);
        String next = cursors.write(list.identity(), shown.get(size - 1).place());
        String nextPage = RelativeReference.to(PATH + "?" + sent.with("cursor", next), request);
        return Response.ok(UserPage.of(shown, next))
                .header(HttpHeaders.LINK, "<" + nextPage + ">; rel=\"next\"")
                .build();
    }

    private @Nullable ProfileValue profile(QueryParameters sent) {
        ProfileValue found = null;
        for (ProfileFilter filter : filters.profile()) {
            boolean isFirst = found == null;
            ProfileValue value = sent.get(filter.parameter(), text -> {
                if (!isFirst) {
                    throw new InvalidValueException(ErrorCode.REPEATED, "must be the only member of profile");
                }
                return new ProfileValue(filter, text);
            });
            found = value == null ? found : value;
        }
        return found;
    }

    private static int parseLimit(String text) {
        int limit = LIMIT.matcher(text).matches() ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new InvalidValueException(
                    ErrorCode.OUT_OF_RANGE, "must be a whole number from 1 to " + MAX_LIMIT, 1, MAX_LIMIT);
        }
        return limit;
    }

    /**
     * A page of a list.
     *
     * @param nextCursor the cursor of the next page; null on the last page
     */
    public record UserPage(List<User> users, @Nullable String nextCursor) {
        private static UserPage of(List<ListedUser> users, @Nullable String nextCursor) {
            return new UserPage(users.stream().map(ListedUser::user).toList(), nextCursor);
        }
    }
}
