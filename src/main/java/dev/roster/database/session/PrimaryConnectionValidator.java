package dev.roster.database.session;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.tomcat.jdbc.pool.PooledConnection;
import org.apache.tomcat.jdbc.pool.Validator;

/**
 * A {@link ConnectionValidator} for connections to the primary. A connection to a server in recovery serves nobody: not
 * when it is new, and not once it is returned. An idle connection asks the server. Thread-safe.
 */
public final class PrimaryConnectionValidator implements Validator {
    private static final int TIMEOUT_MILLIS = 1_000;

    @Override
    public boolean validate(Connection connection, int validateAction) {
        try {
            return !connection.isClosed()
                    && switch (validateAction) {
                        case PooledConnection.VALIDATE_BORROW -> true; // the answer to the last statement was checked
                        case PooledConnection.VALIDATE_IDLE -> isPrimary(connection);
                        default -> !WriteAccess.isInRecovery(connection);
                    };
        } catch (SQLException e) {
            return false;
        }
    }

    private static boolean isPrimary(Connection connection) throws SQLException {
        int usual = connection.getNetworkTimeout();
        connection.setNetworkTimeout(Runnable::run, TIMEOUT_MILLIS);
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_is_in_recovery()")) {
            row.next();
            return !row.getBoolean(1);
        } finally {
            if (!connection.isClosed()) {
                connection.setNetworkTimeout(Runnable::run, usual);
            }
        }
    }
}
