package dev.roster.query.list;

/**
 * The number of users in a list.
 *
 * @param exact whether it is exact: up to 10,000. Beyond that it is PostgreSQL's estimate, at least 10,001
 */
public record UserCount(long count, boolean exact) {}
