package dev.roster.query;

import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * The one statement that reads a page of a list: each combination of filters has a text of its own, so that PostgreSQL
 * plans for what is asked.
 *
 * @param after behind whom the page begins; null where it is the first
 * @param limit the most users that it reads
 */
record ListStatement(UserList list, @Nullable ListPlace after, int limit) {
    private static final String PAGE = """
            SELECT id, name, email, role, version, created_at, updated_at, <key>::text AS key
              FROM users
             WHERE <filters>
             ORDER BY <order>
             LIMIT :limit
            """;

    // A piece that many have is soon met on the way through the list; those who have a rare one are found by its own
    // index, and sorted. How many have it, and where they stand, nobody knows beforehand. So a stretch of the list is
    // searched first, over its index alone. Where that does not fill the page, the planner chooses between the rest of
    // the way and the index of pieces. It would expect those who have it everywhere alike, while after an empty stretch
    // they stand together: LIMIT 5000 has it go the way only where it expects that many to be found on it, and the
    // whole way of a million costs no more than finding those.
    private static final String SEARCH = """
            WITH near AS MATERIALIZED (
                SELECT id, <key>
                  FROM (SELECT id, created_at, name_key, email_key
                          FROM users
                         WHERE <filters>
                         ORDER BY <order>
                         LIMIT 10000) AS stretch
                 WHERE strpos(name_key, <piece>) > 0 OR strpos(email_key, <piece>) > 0
                 ORDER BY <order>
                 LIMIT :limit
            ), far AS MATERIALIZED (
                SELECT id, <key>
                  FROM users
                 WHERE <filters>
                   AND <found>
                   AND (SELECT count(*) FROM near) < :limit
                 ORDER BY <order>
                 LIMIT 5000
            )
            SELECT id, name, email, role, version, users.created_at, updated_at, users.<key>::text AS key
              FROM (SELECT id FROM near WHERE (SELECT count(*) FROM near) = :limit
                    UNION ALL
                    (SELECT id FROM far ORDER BY <order> LIMIT :limit)) AS page
              JOIN users USING (id)
             ORDER BY <order>
            """;

    // In lower case as the keys are (see the migration that makes them), and in their collation, as their indexes are.
    private static final String PIECE = "(lower(lower(:piece COLLATE \"C\") COLLATE \"default\") COLLATE \"C\")";

    private static final String SEARCHED = "(name_key || chr(10) || email_key)";
    private static final String BY_TRIGRAMS = SEARCHED + " LIKE '%' || <piece> || '%'";
    private static final String BY_PIECES =
            "users_pieces" + SEARCHED + " @> users_pieces_of(<piece>) AND strpos(" + SEARCHED + ", <piece>) > 0";

    String sql() {
        SearchTerm piece = list.piece();
        String key = list.sort().column();
        String sql = piece == null ? PAGE : SEARCH.replace("<found>", piece.isWord() ? BY_TRIGRAMS : BY_PIECES);
        return sql.replace("<piece>", PIECE)
                .replace("<filters>", filters())
                .replace("<order>", list.sort().isDescending() ? key + " DESC, id DESC" : key + ", id")
                .replace("<key>", key);
    }

    private String filters() {
        List<String> filters = new ArrayList<>();
        if (list.role() != null) {
            filters.add("role = :role");
        }
        if (after != null) {
            String comparison = list.sort().isDescending() ? "<" : ">";
            filters.add("(" + list.sort().column() + ", id) " + comparison + " (CAST(:after_key AS "
                    + list.sort().type() + "), :after_id)");
        }
        return filters.isEmpty() ? "true" : String.join(" AND ", filters);
    }

    /** Gives a statement of this text its values. */
    <T extends SqlStatement<T>> T bind(T statement) {
        statement.bind("limit", limit);
        if (list.role() != null) {
            statement.bind("role", list.role().value());
        }
        if (list.piece() != null) {
            statement.bind("piece", list.piece().text());
        }
        if (after != null) {
            statement.bind("after_key", after.key());
            statement.bind("after_id", after.id());
        }
        return statement;
    }
}
