package dev.roster.database.pool;

import java.sql.SQLTransientException;

/** Too many requests wait for a connection of the pool. The database itself may be well. */
public final class PoolBusyException extends SQLTransientException {
    private static final long serialVersionUID = 1L;

    PoolBusyException(String pool) {
        super("Too many requests wait for a connection of the pool " + pool);
    }
}
