package dev.roster.query.list;

/**
 * A user in a list.
 *
 * @param user what the list shows of the user
 * @param place the position after the user
 */
record ListedUser<T>(T user, ListPlace place) {}
