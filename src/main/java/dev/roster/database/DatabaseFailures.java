package dev.roster.database;

import dev.roster.database.pool.PoolBusyException;
import dev.roster.database.primary.UnknownOutcomeException;
import dev.roster.database.session.ConnectionRefusal;
import java.sql.SQLException;
import java.util.Set;
import org.jdbi.v3.core.ConnectionException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/** Tells temporary failures of the database from faults of this service. */
public final class DatabaseFailures {
    /** SQLSTATE classes: connection, authorisation, rollback, resources, operator intervention, system error. */
    private static final Set<String> CLASSES = Set.of("08", "28", "40", "53", "57", "58");

    /**
     * Lock not available; idle in a transaction, as after a long pause; read-only transaction, as on a server that has
     * just been demoted.
     */
    private static final Set<String> STATES = Set.of("55P03", "25006", "25P03");

    private static final String NO_ANSWER = "The database does not answer, or not in time.";
    private static final String NOT_CONNECTED = "08001";
    private static final String RESOURCES = "53";
    private static final String READ_ONLY = "25006";
    private static final String PERMISSION_DENIED = "42501";
    private static final String NO_SCHEMA = "3F000";

    private DatabaseFailures() {}

    /**
     * Explains in one line to an operator why the database refused a statement, or that the outcome is unknown. Chosen
     * by SQLSTATE, because the server's messages may contain values. The message about a missing right does not.
     *
     * @return null if it was not for a right, a missing connection or another known reason
     */
    public static @Nullable String refusal(Throwable failure) {
        if (failure instanceof UnknownOutcomeException) {
            return failure.getMessage();
        }
        SQLException sql = sqlException(failure);
        if (sql == null) {
            return isUnavailable(failure) ? NO_ANSWER : null;
        }
        String state = String.valueOf(sql.getSQLState());
        if (isConnecting(failure) || state.equals(NOT_CONNECTED) || state.startsWith(RESOURCES)) {
            ConnectionRefusal connection = ConnectionRefusal.of(sql);
            return connection.setting() + ": " + connection.reason();
        }
        return switch (state) {
            case READ_ONLY -> "DATABASE_URL: the database is read-only: is it a replica?";
            case NO_SCHEMA -> "POSTGRES_USER: has no schema to create tables in (GRANT USAGE, CREATE ON SCHEMA public)";
            case PERMISSION_DENIED -> "POSTGRES_USER: " + permission(sql);
            default -> isUnavailable(failure) ? NO_ANSWER : null;
        };
    }

    /** The SQLSTATE of what the database refused; null if no SQLException caused the failure. */
    public static @Nullable String state(Throwable failure) {
        SQLException sql = sqlException(failure);
        return sql == null ? null : String.valueOf(sql.getSQLState());
    }

    private static boolean isConnecting(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectionException) {
                return true;
            }
        }
        return false;
    }

    private static String permission(SQLException sql) {
        return sql instanceof PSQLException server && server.getServerErrorMessage() != null
                ? String.valueOf(server.getServerErrorMessage().getMessage())
                : "has no right to do this";
    }

    private static @Nullable SQLException sqlException(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }

    /** Returns true if a later retry may succeed. */
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

    /** Returns true if the service itself refused, because too many requests wait for the database. */
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
