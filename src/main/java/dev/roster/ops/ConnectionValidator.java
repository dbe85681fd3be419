package dev.roster.ops;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.tomcat.jdbc.pool.PooledConnection;
import org.apache.tomcat.jdbc.pool.Validator;

/**
 * Keeps broken connections from requests. One that a request takes is only looked at, since asking the server each time
 * would cost every request a round trip: the driver closes those that have failed. Where one has failed, the server has
 * likely restarted, so that all older ones are given up with it. Idle ones are asked. One a pool. Thread-safe.
 */
public final class ConnectionValidator implements Validator {
    private static final int TIMEOUT_SECONDS = 1;

    private final Map<Connection, Long> openedAt = Collections.synchronizedMap(new WeakHashMap<>());
    private volatile long lastFailure = System.nanoTime();

    @Override
    public boolean validate(Connection connection, int validateAction) {
        try {
            return switch (validateAction) {
                case PooledConnection.VALIDATE_INIT -> {
                    openedAt.put(connection, System.nanoTime());
                    yield true;
                }
                case PooledConnection.VALIDATE_BORROW -> !connection.isClosed() && isYoungerThanLastFailure(connection);
                case PooledConnection.VALIDATE_RETURN -> noted(!connection.isClosed());
                default -> noted(connection.isValid(TIMEOUT_SECONDS));
            };
        } catch (SQLException e) {
            return noted(false);
        }
    }

    private boolean noted(boolean valid) {
        if (!valid) {
            lastFailure = System.nanoTime();
        }
        return valid;
    }

    private boolean isYoungerThanLastFailure(Connection connection) {
        Long opened = openedAt.get(connection);
        return opened != null && opened - lastFailure > 0;
    }
}
