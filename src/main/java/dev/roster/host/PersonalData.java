package dev.roster.host;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * One member of the export of a person's data: the rows of a room's tables. For each column of the database, a room
 * either exports it or leaves it out with a reason. A test checks this against {@code information_schema}.
 *
 * @param member the member's name in the export
 * @param tables the tables that the rows come from
 * @param rows finds the person's rows
 * @param isSingle whether the member is one object, or null, rather than an array
 * @param leftOut the columns ({@code table.column}) and whole tables that the export leaves out
 */
public record PersonalData(
        String member, List<String> tables, Rows rows, boolean isSingle, Map<String, Reason> leftOut) {

    /**
     * The rows of one table, as an array with the table's name.
     *
     * @param sql selects the rows of the person {@code :id}, each column under its own name
     */
    public static PersonalData of(String table, String sql) {
        return new PersonalData(table, List.of(table), (handle, userId) -> handle.createQuery(sql), false, Map.of());
    }

    /** Returns a copy that also leaves out these columns or tables. */
    public PersonalData without(Reason reason, String... names) {
        Map<String, Reason> more = new LinkedHashMap<>(leftOut);
        for (String name : names) {
            more.put(name, reason);
        }
        return new PersonalData(member, tables, rows, isSingle, more);
    }

    /** Finds the rows of this person. */
    public Query query(Handle handle, UUID userId) {
        return rows.find(handle, userId).bind("id", userId);
    }

    /** Finds the rows of the person {@code :id}. */
    @FunctionalInterface
    public interface Rows {
        Query find(Handle handle, UUID userId);
    }

    /** The reason for leaving out a column. */
    public enum Reason {
        /** Somebody with the value could log in as the person. */
        SECRETS,
        /** The value is derived from columns that are in the export. */
        MADE_OF_WHAT_IS_HERE,
        /** The value identifies another person. */
        ABOUT_SOMEBODY_ELSE,
        /** Rows with this value belong to no user yet. */
        BEFORE_THE_USER
    }
}
