package dev.roster.query.list;

import java.util.UUID;

/**
 * The position in a list right after one user. It stays valid when that user is deleted.
 *
 * @param key the user's value in the sort column, as PostgreSQL writes it
 * @param id the user's id
 */
record ListPlace(String key, UUID id) {}
