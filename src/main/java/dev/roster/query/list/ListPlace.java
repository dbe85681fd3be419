package dev.roster.query.list;

import java.util.UUID;

/**
 * The position in a list right after one row. It stays valid when that row is deleted.
 *
 * @param key the row's value in the sort column, as PostgreSQL writes it
 * @param id the row's id
 */
public record ListPlace(String key, UUID id) {}
