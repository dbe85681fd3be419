package dev.roster.query;

import dev.roster.user.StoredUser;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** Reads lists of users, a page at a time. Thread-safe. */
public final class UserLists {
    private final Jdbi jdbi;

    public UserLists(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    List<ListedUser> read(ListStatement page) {
        return jdbi.withHandle(handle -> page.bind(handle.createQuery(page.sql()))
                .map((row, context) -> new ListedUser(StoredUser.read(row).user(), row.getString("key")))
                .list());
    }
}
