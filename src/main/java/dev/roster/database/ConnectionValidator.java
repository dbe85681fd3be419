package dev.roster.database;

import java.sql.Connection;
import java.sql.SQLException;
import org.apache.tomcat.jdbc.pool.PooledConnection;
import org.apache.tomcat.jdbc.pool.Validator;

/**
 * Keeps broken connections from requests. One that a request takes is only looked at, since asking the server each time
 * would cost every request a round trip: the driver closes those that have failed. Idle ones are asked, every 2 s; until
 * then a restarted server costs one request for each connection. Thread-safe.
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
