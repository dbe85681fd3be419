package dev.roster.query.list;

import dev.roster.query.filter.UserFilters;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * The SQL that reads one page of a list. Each combination of filters has its own text, so that PostgreSQL plans for the
 * filters in use.
 *
 * @param after the position at which the page starts; null for the first page
 * @param limit the maximum number of users to read
 */
record ListStatement(UserList list, @Nullable ListPlace after, int limit) {
    private static final String PAGE = """
            SELECT <columns>, <key>::text AS key
              FROM users
             WHERE <all>
             ORDER BY <order>
             LIMIT :limit
            """;

    // Frequent matches are found fast by scanning the list, rare ones by the filter's index, but the frequency is not
    // known beforehand. So scan 10,000 entries of the list's index first. If the page is not full, let the planner
    // choose between scanning on and the filter's index. The planner expects evenly spread matches, but they may be
    // clustered. With LIMIT 5000 it scans on only if it expects 5,000 matches; then scanning a million users costs no
    // more than fetching those matches.
    private static final String SEARCH = """
            WITH near AS MATERIALIZED (
                SELECT id, <key>
                  FROM (SELECT id, created_at, name_key, email_key, role, profile, disabled_at, disabled_until
                          FROM users
                         WHERE <indexed>
                         ORDER BY <order>
                         LIMIT 10000) AS scanned
                 WHERE <scanned>
                 ORDER BY <order>
                 LIMIT :limit
            ), far AS MATERIALIZED (
                SELECT id, <key>
                  FROM users
                 WHERE <all>
                   AND (SELECT count(*) FROM near) < :limit
                 ORDER BY <order>
                 LIMIT 5000
            )
            SELECT <columns>, users.<key>::text AS key
              FROM (SELECT id FROM near WHERE (SELECT count(*) FROM near) = :limit
                    UNION ALL
                    (SELECT id FROM far ORDER BY <order> LIMIT :limit)) AS page
              JOIN users USING (id)
             ORDER BY <order>
            """;

    /** Returns the page, in the list's order. */
    <T> List<ListedUser<T>> read(Handle handle, ListView<T> view) {
        RowMapper<T> mapper = view.mapper();
        return bind(handle.createQuery(sql(view)))
                .map((row, context) -> new ListedUser<>(
                        mapper.map(row, context), new ListPlace(row.getString("key"), row.getObject("id", UUID.class))))
                .list();
    }

    String sql(ListView<?> view) {
        Sort sort = list.sort();
        UserFilters filters = list.filters();
        List<String> indexed = filters.indexed(sort.isByCreation());
        List<String> scanned = filters.scanned(sort.isByCreation());
        indexed.addAll(filters.frequent(sort.isByCreation()));
        String sql = scanned.isEmpty() || filters.isOfOneUser() ? PAGE : SEARCH;
        return sql.replace("<indexed>", fromHere(indexed))
                .replace("<scanned>", String.join(" AND ", scanned))
                .replace("<all>", fromHere(filters.all()))
                .replace("<columns>", view.columns())
                .replace("<order>", sort.isDescending() ? "<key> DESC, id DESC" : "<key>, id")
                .replace("<key>", sort.column());
    }

    /** These conditions, and that a row is after the position. */
    private String fromHere(List<String> conditions) {
        List<String> all = new ArrayList<>(conditions);
        if (after != null) {
            String comparison = list.sort().isDescending() ? "<" : ">";
            all.add("(<key>, id) " + comparison + " (CAST(:after_key AS "
                    + list.sort().type() + "), :after_id)");
        }
        return all.isEmpty() ? "true" : String.join(" AND ", all);
    }

    /** Binds the values to a statement that was made with {@link #sql}. */
    <T extends SqlStatement<T>> T bind(T statement) {
        statement.bind("limit", limit);
        list.filters().bind(statement);
        if (after != null) {
            statement.bind("after_key", after.key());
            statement.bind("after_id", after.id());
        }
        return statement;
    }
}
