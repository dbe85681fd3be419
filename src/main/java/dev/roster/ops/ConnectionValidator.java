package dev.roster.ops;

import java.sql.Connection;
import java.sql.SQLException;
import org.apache.tomcat.jdbc.pool.PooledConnection;
import org.apache.tomcat.jdbc.pool.Validator;

/**
 * Keeps broken connections from requests. One that a request takes is only looked at: the driver closes those that have
 * failed, and asking the server each time would cost every request a round trip. Idle ones are asked. Thread-safe.
 */
public final class ConnectionValidator implements Validator {
    private static final int TIMEOUT_SECONDS = 1;

    @Override
    public boolean validate(Connection connection, int validateAction) {
        try {
            return validateAction == PooledConnection.VALIDATE_BORROW
                    ? !connection.isClosed()
                    : connection.isValid(TIMEOUT_SECONDS);
        } catch (SQLException e) {
            return false;
        }
    }
}
