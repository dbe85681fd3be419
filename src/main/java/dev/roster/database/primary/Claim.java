package dev.roster.database.primary;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The answer of a server to a look.
 *
 * @param system the identifier of the database cluster, which a server and its standbys share
 * @param isInRecovery whether the server is a standby, or has not been promoted yet
 * @param timeline the timeline that the server writes; 0 in recovery
 * @param firstPosition the end of the server's last recovery, as {@code pg_lsn}: the beginning of its timeline, unless
 *     it has crashed since; {@code 0/0} after a clean restart
 */
record Claim(long system, boolean isInRecovery, int timeline, String firstPosition) {
    private static final int HEXADECIMAL = 16;

    /** Asks the server. */
    static Claim of(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                        SELECT system_identifier,
                               pg_is_in_recovery(),
                               CASE WHEN pg_is_in_recovery() THEN '0'
                                    ELSE left(pg_walfile_name(pg_current_wal_lsn()), 8)
                               END,
                               coalesce(pg_last_wal_replay_lsn(), '0/0')::text
                          FROM pg_control_system()
                        """);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return new Claim(
                    row.getLong(1),
                    row.getBoolean(2),
                    Integer.parseUnsignedInt(row.getString(3), HEXADECIMAL),
                    row.getString(4));
        }
    }
}
