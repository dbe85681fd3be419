package dev.roster.database.primary;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.tomcat.jdbc.pool.DataSourceProxy;
import org.apache.tomcat.jdbc.pool.PooledConnection;
import org.apache.tomcat.jdbc.pool.Validator;

/**
 * Points one pool at the primary, and ends connections to other servers, also those in use: their answers would come
 * too late. Purging the pool is not enough, because a purged connection still serves the request that has it. Set it as
 * the pool's validator, from which it knows the connections.
 *
 * <p>Thread-safe.
 */
public final class PrimaryPool implements PrimaryFollower, Validator {
    private final DataSourceProxy pool;
    private final Validator validator;
    private final Map<Connection, Boolean> connections = Collections.synchronizedMap(new WeakHashMap<>());

    /** @param pool its validator stays in force */
    public PrimaryPool(DataSourceProxy pool) {
        this.pool = pool;
        this.validator = pool.getValidator();
    }

    @Override
    public boolean validate(Connection connection, int validateAction) {
        if (validateAction == PooledConnection.VALIDATE_INIT) {
            connections.put(connection, true); // first, so that moveTo either sees it or is seen
            return leadsToPrimary(connection) && validator.validate(connection, validateAction);
        }
        return validator.validate(connection, validateAction);
    }

    @Override
    public void moveTo(String address) {
        pool.setUrl(address); // the pool reads it for each new connection
        end();
    }

    @Override
    public void end() {
        List<Connection> all;
        synchronized (connections) {
            all = List.copyOf(connections.keySet());
            connections.clear();
        }
        if (all.isEmpty()) {
            return; // the pool may not have begun, and purging would begin it
        }
        all.forEach(PrimaryPool::abort);
        pool.purge();
    }

    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            return; // it is closed
        }
    }

    private boolean leadsToPrimary(Connection connection) {
        try {
            return connection.getMetaData().getURL().equals(pool.getUrl());
        } catch (SQLException e) {
            return false;
        }
    }
}
