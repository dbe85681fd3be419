package dev.roster.query;

import java.util.UUID;

/**
 * A place in a list, behind one user, whether or not that user is still there.
 *
 * @param key the user's value in the column that the list is sorted by, as PostgreSQL writes it
 * @param id the user's id
 */
record ListPlace(String key, UUID id) {}
