package dev.roster.query;

import dev.roster.query.replica.Reads;
import dev.roster.user.StoredUser;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.List;

/** Reads lists of users, a page at a time. Thread-safe. */
public final class UserLists {
    private final Reads reads;

    /** @param reads over the connections that lists have for themselves */
    public UserLists(Reads reads) {
        this.reads = reads;
    }

    List<ListedUser> read(ContainerRequestContext request, ListStatement page) {
        return reads.read(request, handle -> page.bind(handle.createQuery(page.sql()))
                .map((row, context) -> new ListedUser(StoredUser.read(row).user(), row.getString("key")))
                .list());
    }
}
