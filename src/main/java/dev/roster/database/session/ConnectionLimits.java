package dev.roster.database.session;

import dev.roster.settings.StartRefusedException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How many connections the role, the database and the server allow, and how many other sessions hold. */
public final class ConnectionLimits {
    private static final String ADVICE = "lower DATABASE_COMMAND_CONNECTIONS, DATABASE_QUERY_CONNECTIONS and"
            + " DATABASE_LIST_CONNECTIONS, or raise the limit";

    private final List<Limit> limits;

    private ConnectionLimits(List<Limit> limits) {
        this.limits = limits;
    }

    /**
     * Asks the server. A superuser is bound by {@code max_connections} only.
     *
     * <p>PostgreSQL tells a role the {@code backend_type} of its own sessions only, unless the role has {@code
     * pg_read_all_stats}. So a session of another role counts if it has a role and a database.
     *
     * @param connection is not counted among the sessions of others
     */
    public static ConnectionLimits of(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                        SELECT CASE WHEN rolsuper THEN -1 ELSE rolconnlimit END,
                               CASE WHEN rolsuper THEN -1 ELSE datconnlimit END,
                               current_setting('max_connections')::int
                               - CASE WHEN rolsuper THEN 0
                                      ELSE current_setting('superuser_reserved_connections')::int
                                           + coalesce(current_setting('reserved_connections', true)::int, 0)
                                 END,
                               count(*) FILTER (WHERE usename = session_user)::int,
                               count(*) FILTER (WHERE activity.datname = current_database())::int,
                               count(activity.pid)::int
                          FROM pg_roles
                          JOIN pg_database ON pg_database.datname = current_database()
                          LEFT JOIN pg_stat_activity AS activity
                            ON pid <> pg_backend_pid()
                               AND CASE WHEN backend_type IS NULL THEN usesysid IS NOT NULL AND datid IS NOT NULL
                                        ELSE backend_type = 'client backend'
                                   END
                         WHERE rolname = session_user
                         GROUP BY rolsuper, rolconnlimit, datconnlimit
                        """);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return new ConnectionLimits(Stream.of(
                            new Limit("the connection limit of the role POSTGRES_USER", row.getInt(1), row.getInt(4)),
                            new Limit("the connection limit of the database", row.getInt(2), row.getInt(5)),
                            new Limit(
                                    "max_connections of the server, without those reserved for others,",
                                    row.getInt(3),
                                    row.getInt(6)))
                    .filter(limit -> limit.allowed() >= 0)
                    .toList());
        }
    }

    /**
     * Compares the limits with what a node may open.
     *
     * @param most the size of its pools and its single connections
     * @param least how many connections a node needs to serve anything
     * @return a warning in one line if other sessions and this node together may pass a limit
     * @throws StartRefusedException if a limit is below {@code least}
     */
    public Optional<String> check(int most, int least) {
        limits.stream().filter(limit -> limit.allowed() < least).findFirst().ifPresent(limit -> {
            throw new StartRefusedException(
                    "database",
                    limit.name() + " allows " + limit.allowed() + " connections, and a node needs at least " + least);
        });
        return limits.stream()
                .min(Comparator.comparingInt(Limit::free))
                .filter(limit -> limit.free() < most)
                .map(limit -> "This node opens up to " + most + " connections, but " + limit.name() + " allows "
                        + limit.allowed() + ", and other sessions hold " + limit.held()
                        + ". Beyond it, requests get 503: " + ADVICE);
    }

    /** @param allowed -1 if there is no limit */
    private record Limit(String name, int allowed, int held) {
        int free() {
            return allowed - held;
        }
    }
}
