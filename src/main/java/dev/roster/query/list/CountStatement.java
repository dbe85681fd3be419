package dev.roster.query.list;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.roster.query.filter.UserFilters;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * The SQL that counts the users to whom filters apply: exactly up to 10,000, and beyond that by PostgreSQL's estimate.
 */
record CountStatement(UserFilters filters) {
    static final int MAX_COUNTED = 10_000;

    private static final JsonMapper JSON = new JsonMapper();

    private static final String COUNT = """
            SELECT count(*)
              FROM (SELECT FROM users WHERE <all> LIMIT :limit) AS counted
            """;

    /** The same, if only last logins matter: each has its user. */
    private static final String COUNT_LOGINS = """
            SELECT count(*)
              FROM (<logged_in> LIMIT :limit) AS counted
            """;

    // A term in every second user is counted faster by scanning users than by the term's index, which returns all of
    // its matches at once. See ListStatement.
    private static final String SEARCH = """
            WITH near AS MATERIALIZED (
                SELECT count(*)
                  FROM (SELECT
                          FROM (SELECT id, created_at, name_key, email_key, role, profile, disabled_at,
                                       disabled_until
                                  FROM users
                                 WHERE <indexed>
                                 ORDER BY created_at, id
                                 LIMIT 20000) AS scanned
                         WHERE <scanned>
                         LIMIT :limit) AS counted
            )
            SELECT CASE WHEN count = :limit THEN count
                        ELSE (SELECT count(*) FROM (SELECT FROM users WHERE <all> LIMIT :limit) AS counted)
                   END
              FROM near
            """;

    UserCount read(Handle handle) {
        long counted = bind(handle.createQuery(sql()))
                .bind("limit", MAX_COUNTED + 1)
                .mapTo(Long.class)
                .one();
        return counted <= MAX_COUNTED
                ? new UserCount(counted, true)
                : new UserCount(Math.max(counted, estimate(handle)), false);
    }

    String sql() {
        List<String> all = filters.all();
        String loggedIn = filters.loggedIn();
        if (loggedIn != null && all.size() == 1) {
            return COUNT_LOGINS.replace("<logged_in>", loggedIn);
        }
        return (filters.term() == null || filters.isOfOneUser() ? COUNT : SEARCH)
                .replace("<indexed>", and(filters.indexed(true)))
                .replace("<scanned>", and(filters.scanned(true)))
                .replace("<all>", and(all));
    }

    private long estimate(Handle handle) {
        String plan = bind(handle.createQuery("EXPLAIN (FORMAT JSON) SELECT FROM users WHERE " + and(filters.all())))
                .mapTo(String.class)
                .one();
        try {
            return JSON.readTree(plan).path(0).path("Plan").path("Plan Rows").longValue();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Not a plan of PostgreSQL", e);
        }
    }

    Query bind(Query statement) {
        filters.bind(statement);
        return statement;
    }

    private static String and(List<String> conditions) {
        return conditions.isEmpty() ? "true" : String.join(" AND ", conditions);
    }
}
