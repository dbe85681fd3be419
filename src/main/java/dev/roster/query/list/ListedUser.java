package dev.roster.query.list;

import dev.roster.user.StoredUser;
import dev.roster.user.User;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * A user in a list.
 *
 * @param key the user's value in the sort column, as PostgreSQL writes it
 */
record ListedUser(User user, String key) {

    /** Reads the current row of a {@link ListStatement}. */
    static ListedUser read(ResultSet row) throws SQLException {
        return new ListedUser(StoredUser.read(row).user(), row.getString("key"));
    }

    ListPlace place() {
        return new ListPlace(key, user.id());
    }
}
