package dev.roster.query.list;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list.
 *
 * @param nextCursor the cursor of the next page; null on the last page
 */
public record UserPage<T>(List<T> users, @Nullable String nextCursor) {}
