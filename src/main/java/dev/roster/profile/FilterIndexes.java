package dev.roster.profile;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The indexes of the members that lists can be filtered by: one for each member and order of a list. Nobody who writes
 * waits while an index is made. Their names begin with {@code users_profile_}; no other index may have such a name.
 */
public final class FilterIndexes {
    private static final Logger LOGGER = LoggerFactory.getLogger(FilterIndexes.class);
    private static final List<String> ORDERS = List.of("created_at", "name_key", "email_key");

    private final List<ProfileFilter> filters;

    public FilterIndexes(List<ProfileFilter> filters) {
        this.filters = filters;
    }

    /**
     * Makes the missing indexes, and makes an index anew if an earlier attempt failed. Drops the indexes of members
     * that are no longer marked.
     *
     * @param connection in autocommit mode, with a timeout that is long enough for an index of the whole table
     */
    public void migrate(Connection connection) throws SQLException {
        Map<String, String> wanted = wanted();
        Map<String, Boolean> present = present(connection);
        try (Statement statement = connection.createStatement()) {
            for (Map.Entry<String, Boolean> index : present.entrySet()) {
                if (!index.getValue() || !wanted.containsKey(index.getKey())) {
                    LOGGER.info("Dropping the index {}", index.getKey());
                    statement.execute("DROP INDEX CONCURRENTLY " + statement.enquoteIdentifier(index.getKey(), true));
                }
            }
            boolean isAnyNew = false;
            for (Map.Entry<String, String> index : wanted.entrySet()) {
                if (!present.getOrDefault(index.getKey(), false)) {
                    LOGGER.info("Making the index {}", index.getKey());
                    statement.execute(index.getValue());
                    isAnyNew = true;
                }
            }
            if (isAnyNew) {
                statement.execute("ANALYZE users"); // for the planner: it knows nothing of the new expressions yet
            }
        }
    }

    /** The parameters of the filters that lack an index: a list with one of them reads the whole table. */
    public List<String> missing(Connection connection) throws SQLException {
        Map<String, Boolean> present = present(connection);
        List<String> missing = new ArrayList<>();
        for (ProfileFilter filter : filters) {
            if (!ORDERS.stream().allMatch(order -> present.getOrDefault(filter.index(order), false))) {
                missing.add(filter.parameter());
            }
        }
        return missing;
    }

    private Map<String, String> wanted() {
        Map<String, String> wanted = new LinkedHashMap<>();
        for (ProfileFilter filter : filters) {
            for (String order : ORDERS) {
                wanted.put(
                        filter.index(order),
                        "CREATE INDEX CONCURRENTLY \"" + filter.index(order) + "\" ON users ((" + filter.expression()
                                + "), " + order + ", id) WHERE " + filter.expression() + " IS NOT NULL");
            }
        }
        return wanted;
    }

    /** The names of the indexes that exist, and whether PostgreSQL has finished each. */
    private static Map<String, Boolean> present(Connection connection) throws SQLException {
        Map<String, Boolean> present = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("""
                        SELECT relname, indisvalid
                          FROM pg_index
                          JOIN pg_class ON pg_class.oid = indexrelid
                         WHERE indrelid = 'users'::regclass AND starts_with(relname, 'users_profile_')
                        """)) {
            while (rows.next()) {
                present.put(rows.getString(1), rows.getBoolean(2));
            }
        }
        return present;
    }
}
