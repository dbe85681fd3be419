package dev.roster.database;

import dev.roster.database.pool.PoolBusyException;
import java.sql.SQLException;
import java.util.Set;
import org.jdbi.v3.core.ConnectionException;

/** Tells temporary failures of the database from faults of this service. */
public final class DatabaseFailures {
    /** SQLSTATE classes: connection, authorisation, rollback, resources, operator intervention, system error. */
    private static final Set<String> CLASSES = Set.of("08", "28", "40", "53", "57", "58");

    /**
     * Lock not available; idle in a transaction, as after a long pause; read-only transaction, as on a server that has
     * just been demoted.
     */
    private static final Set<String> STATES = Set.of("55P03", "25006", "25P03");

    private DatabaseFailures() {}

    /** Whether a later retry may succeed. */
    public static boolean isUnavailable(Throwable exception) {
        for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectionException) {
                return true;
            }
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState().length() == 5
                        && (CLASSES.contains(sql.getSQLState().substring(0, 2)) || STATES.contains(sql.getSQLState()));
            }
        }
        return false;
    }

    /** Whether the service itself refused, because too many requests wait for the database. */
    public static boolean isBusy(Throwable exception) {
        for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
            if (cause instanceof PoolBusyException) {
                return true;
            }
        }
        return false;
    }

    /** The innermost message. For the log only: it may tell about the inside. */
    public static String reason(Throwable exception) {
        Throwable cause = exception;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    }
}
