package dev.roster.query.list;

import java.util.Set;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * A resource that lists users.
 *
 * @param path its path
 * @param filters the names of its filters
 * @param columns what it selects of {@code users}, {@code id} included
 * @param mapper maps a row with these columns
 */
public record ListView<T>(String path, Set<String> filters, String columns, RowMapper<T> mapper) {}
