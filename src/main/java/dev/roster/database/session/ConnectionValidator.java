package dev.roster.database.session;

import java.sql.Connection;
import java.sql.SQLException;
import org.apache.tomcat.jdbc.pool.PooledConnection;
import org.apache.tomcat.jdbc.pool.Validator;

/**
 * Keeps broken connections from requests. Asking the server before each request would cost a round trip, so a borrowed
 * connection is only checked for having been closed by the driver. Idle connections ask the server every 2 s; until
 * then, a restarted server fails one request for each connection. Thread-safe.
 */
public final class ConnectionValidator implements Validator {
    private static final int TIMEOUT_SECONDS = 1;

    @Override
    public boolean validate(Connection connection, int validateAction) {
        try {
            return validateAction == PooledConnection.VALIDATE_IDLE
                    ? connection.isValid(TIMEOUT_SECONDS)
                    : !connection.isClosed();
        } catch (SQLException e) {
            return false;
        }
    }
}
