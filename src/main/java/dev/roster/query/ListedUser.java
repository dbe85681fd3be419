package dev.roster.query;

import dev.roster.user.User;

/**
 * A user in a list, with the place behind it.
 *
 * @param key the user's value in the column that the list is sorted by, as PostgreSQL writes it
 */
record ListedUser(User user, String key) {
    ListPlace place() {
        return new ListPlace(key, user.id());
    }
}
