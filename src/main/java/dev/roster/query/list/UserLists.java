package dev.roster.query.list;

import dev.roster.http.RelativeReference;
import dev.roster.http.body.QueryParameters;
import dev.roster.http.condition.Preconditions;
import dev.roster.http.condition.Validators;
import dev.roster.query.filter.Filters;
import dev.roster.query.filter.UserFilters;
import dev.roster.query.replica.Reads;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answers requests for lists and counts of users. Thread-safe. */
public final class UserLists {
    private final Reads reads;
    private final Filters filters;
    private final Cursors cursors;

    /** @param reads the connections that are reserved for lists */
    public UserLists(Reads reads, Filters filters, Cursors cursors) {
        this.reads = reads;
        this.filters = filters;
        this.cursors = cursors;
    }

    /**
     * Answers with a page.
     *
     * @param query the raw query string, because Jersey accepts malformed ones; null if there is none
     * @throws dev.roster.refusal.RefusedException if a parameter is invalid
     */
    public <T> Response page(ListView<T> view, @Nullable String query, ContainerRequestContext request) {
        Set<String> known = new HashSet<>(filters.parameters(view.filters()));
        known.addAll(Set.of("limit", "cursor", "sort"));
        QueryParameters parameters = new QueryParameters(query, known);
        Integer limit = parameters.get("limit", PageSize::parse);
        Sort sort = parameters.get("sort", Sort::parse);
        UserList list = new UserList(sort == null ? Sort.CREATED_AT : sort, UserFilters.of(parameters, filters));
        known.remove("limit");
        String identity = parameters.areValid(known.toArray(String[]::new)) ? list.identity() : null;
        ListPlace after = parameters.get("cursor", cursor -> cursors.read(cursor, identity));
        parameters.requireValid();

        int size = limit == null ? PageSize.DEFAULT : limit;
        ListStatement statement = new ListStatement(list, after, size + 1);
        List<ListedUser<T>> users = reads.read(request, handle -> statement.read(handle, view));
        if (Preconditions.of(request).isNotModified(Validators.NONE)) {
            return Response.notModified().build();
        }
        if (users.size() <= size) {
            return Response.ok(page(users, null)).build();
        }
        List<ListedUser<T>> shown = users.subList(0, size);
        String next = cursors.write(list.identity(), shown.get(size - 1).place());
        String nextPage = RelativeReference.to(view.path() + "?" + parameters.with("cursor", next), request);
        return Response.ok(page(shown, next))
                .header(HttpHeaders.LINK, "<" + nextPage + ">; rel=\"next\"")
                .build();
    }

    /**
     * Answers with the number of users that a view's list has.
     *
     * @param query as for {@link #page}
     * @throws dev.roster.refusal.RefusedException if a parameter is invalid
     */
    public Response count(ListView<?> view, @Nullable String query, ContainerRequestContext request) {
        QueryParameters parameters = new QueryParameters(query, filters.parameters(view.filters()));
        UserFilters sent = UserFilters.of(parameters, filters);
        parameters.requireValid();

        UserCount count = reads.read(request, new CountStatement(sent)::read);
        return Preconditions.of(request).isNotModified(Validators.NONE)
                ? Response.notModified().build()
                : Response.ok(count).build();
    }

    private static <T> UserPage<T> page(List<ListedUser<T>> users, @Nullable String nextCursor) {
        return new UserPage<>(users.stream().map(ListedUser::user).toList(), nextCursor);
    }
}
