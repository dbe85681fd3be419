package dev.roster.database.session;

import java.sql.Connection;
import java.sql.SQLException;
import org.apache.tomcat.jdbc.pool.PooledConnection;
import org.apache.tomcat.jdbc.pool.Validator;

/**
 * A {@link PrimaryConnectionValidator} for connections that write. An idle or returned connection that cannot write
 * ends, so that the pool connects again: perhaps the server was demoted, and its name now leads to another.
 * Thread-safe.
 */
public final class WritableConnectionValidator implements Validator {
    private final Validator any = new PrimaryConnectionValidator();

    @Override
    public boolean validate(Connection connection, int validateAction) {
        try {
            return any.validate(connection, validateAction)
                    && (validateAction == PooledConnection.VALIDATE_BORROW
                            || validateAction == PooledConnection.VALIDATE_INIT
                            || WriteAccess.refusal(connection) == null);
        } catch (SQLException e) {
            return false;
        }
    }
}
