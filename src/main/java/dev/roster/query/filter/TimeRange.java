package dev.roster.query.filter;

import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.InvalidValueException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * A span of time.
 *
 * @param from its beginning, which belongs to it; null if it has none
 * @param to its end, which does not belong to it; null if it has none
 */
public record TimeRange(
        @Nullable OffsetDateTime from, @Nullable OffsetDateTime to) {
    private static final Pattern RFC_3339 = Pattern.compile(
            "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})");
    private static final int NANOS_PER_MICRO = 1000;

    /**
     * Returns a time of RFC 3339, for {@link #from} or {@link #to}. Stored times have whole microseconds. So the next
     * one is returned if the text is more exact, and both ends keep their meaning.
     *
     * @throws InvalidValueException if the text is no such time
     */
    public static OffsetDateTime parse(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        try {
            if (RFC_3339.matcher(upper).matches()) {
                OffsetDateTime time = OffsetDateTime.parse(upper).withOffsetSameInstant(ZoneOffset.UTC);
                return time.plusNanos(Math.floorMod(-time.getNano(), NANOS_PER_MICRO));
            }
        } catch (DateTimeException e) {
            // no such date, hour or offset
        }
        throw new InvalidValueException(
                ErrorCode.MALFORMED,
                "must be a time of RFC 3339, such as 2026-11-30T14:00:00Z; + of an offset is written %2B");
    }

    public boolean isEmpty() {
        return from == null && to == null;
    }

    /**
     * The conditions on a column, for {@link #bind}.
     *
     * @param name of the range, the beginning of its parameters' names
     */
    public List<String> on(String column, String name) {
        List<String> conditions = new ArrayList<>();
        if (from != null) {
            conditions.add(column + " >= :" + name + "_from");
        }
        if (to != null) {
            conditions.add(column + " < :" + name + "_to");
        }
        return conditions;
    }

    public void bind(SqlStatement<?> statement, String name) {
        if (from != null) {
            statement.bind(name + "_from", from);
        }
        if (to != null) {
            statement.bind(name + "_to", to);
        }
    }

    /** A text that no other range has. */
    public String identity() {
        return (from == null ? "" : from.toString()) + "/" + (to == null ? "" : to.toString());
    }
}
