package dev.roster.database;

import com.codahale.metrics.health.HealthCheck;
import com.codahale.metrics.health.annotation.Async;
import dev.roster.database.session.WriteAccess;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.ConnectionFactory;
import org.jspecify.annotations.Nullable;

/**
 * Healthy while the primary answers and can be written to. Uses a connection of its own, because a busy pool does not
 * mean that the database is down. Detects a hanging database within 1.5 s, and its return within 0.5 s.
 */
@Async(period = 500, initialDelay = 0, unit = TimeUnit.MILLISECONDS, healthyTtl = 1_500)
public final class DatabaseHealthCheck extends HealthCheck implements AutoCloseable {
    private static final int TIMEOUT_SECONDS = 1;

    private final ConnectionFactory connections;
    private @Nullable Connection connection;

    /** @param connections opens connections to the primary, with timeouts */
    public DatabaseHealthCheck(ConnectionFactory connections) {
        this.connections = connections;
    }

    @Override
    protected synchronized Result check() throws SQLException {
        try {
            if (connection == null) {
                connection = connections.openConnection();
            }
            String reason =
                    connection.isValid(TIMEOUT_SECONDS) ? WriteAccess.refusal(connection) : "it does not answer";
            if (reason == null) {
                return Result.healthy();
            }
            connection.close(); // a new session may do better
            connection = null;
            return Result.unhealthy(reason);
        } catch (SQLException e) {
            return Result.unhealthy("it cannot be connected to (SQLSTATE %s)", e.getSQLState());
        }
    }

    @Override
    public synchronized void close() throws SQLException {
        if (connection != null) {
            connection.close();
        }
    }
}
