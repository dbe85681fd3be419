package dev.roster.query.list;

import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
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
            SELECT id, name, email, role, profile, version, created_at, updated_at, <key>::text AS key
              FROM users
             WHERE <filters>
             ORDER BY <order>
             LIMIT :limit
            """;

    // Frequent terms are found fast by scanning the list, rare terms by the term's index, but the frequency is not
    // known beforehand. So scan 10,000 entries of the list's index first. If the page is not full, let the planner
    // choose between scanning on and the term's index. The planner expects evenly spread matches, but they may be
    // clustered. With LIMIT 5000 it scans on only if it expects 5,000 matches; then scanning a million users costs no
    // more than fetching those matches.
    private static final String SEARCH = """
            WITH near AS MATERIALIZED (
                SELECT id, <key>
                  FROM (SELECT id, created_at, name_key, email_key
                          FROM users
                         WHERE <filters>
                         ORDER BY <order>
                         LIMIT 10000) AS scanned
                 WHERE strpos(name_key, <term>) > 0 OR strpos(email_key, <term>) > 0
                 ORDER BY <order>
                 LIMIT :limit
            ), far AS MATERIALIZED (
                SELECT id, <key>
                  FROM users
                 WHERE <filters>
                   AND <matches>
                   AND (SELECT count(*) FROM near) < :limit
                 ORDER BY <order>
                 LIMIT 5000
            )
            SELECT id, name, email, role, profile, version, users.created_at, updated_at,
                   users.<key>::text AS key
              FROM (SELECT id FROM near WHERE (SELECT count(*) FROM near) = :limit
                    UNION ALL
                    (SELECT id FROM far ORDER BY <order> LIMIT :limit)) AS page
              JOIN users USING (id)
             ORDER BY <order>
            """;

    // Folded as name_key is (migrations/fold-names.sql): while the statement is planned, not for each row. The indexes
    // need the collation of the key columns.
    private static final String TERM = "(users_folded(:term) COLLATE \"C\")";

    private static final String SEARCHED = "(name_key || chr(10) || email_key)";
    private static final String BY_TRIGRAMS = SEARCHED + " LIKE '%' || <term> || '%'";
    private static final String BY_PIECES =
            "users_pieces" + SEARCHED + " @> users_pieces_of(<term>) AND strpos(" + SEARCHED + ", <term>) > 0";

    /** Returns the page, in the list's order. */
    List<ListedUser> read(Handle handle) {
        return bind(handle.createQuery(sql()))
                .map((row, context) -> ListedUser.read(row))
                .list();
    }

    String sql() {
        SearchTerm term = list.term();
        String key = list.sort().column();
        String sql = term == null ? PAGE : SEARCH.replace("<matches>", term.isWord() ? BY_TRIGRAMS : BY_PIECES);
        return sql.replace("<term>", TERM)
                .replace("<filters>", filters())
                .replace("<order>", list.sort().isDescending() ? key + " DESC, id DESC" : key + ", id")
                .replace("<key>", key);
    }

    private String filters() {
        List<String> filters = new ArrayList<>();
        if (list.role() != null) {
            filters.add("role = :role");
        }
        if (list.profile() != null) {
            filters.add(list.profile().filter().expression() + " = :profile");
        }
        if (after != null) {
            String comparison = list.sort().isDescending() ? "<" : ">";
            filters.add("(" + list.sort().column() + ", id) " + comparison + " (CAST(:after_key AS "
                    + list.sort().type() + "), :after_id)");
        }
        return filters.isEmpty() ? "true" : String.join(" AND ", filters);
    }

    /** Binds the values to a statement that was made with {@link #sql}. */
    <T extends SqlStatement<T>> T bind(T statement) {
        statement.bind("limit", limit);
        if (list.role() != null) {
            statement.bind("role", list.role().value());
        }
        if (list.term() != null) {
            statement.bind("term", list.term().text());
        }
        if (list.profile() != null) {
            statement.bind("profile", list.profile().value());
        }
        if (after != null) {
            statement.bind("after_key", after.key());
            statement.bind("after_id", after.id());
        }
        return statement;
    }
}
