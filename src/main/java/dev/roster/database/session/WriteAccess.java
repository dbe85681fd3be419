package dev.roster.database.session;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** Knows if a session can write. PostgreSQL reports changes with its next answer, so no statement is needed. */
public final class WriteAccess {
    private static final String ON = "on";

    private WriteAccess() {}

    /**
     * Returns why the session cannot write, as of the last answer of its server; null if it can.
     *
     * @param connection a session that does not itself state that it is read-only
     */
    public static @Nullable String refusal(Connection connection) throws SQLException {
        PGConnection session = connection.unwrap(PGConnection.class);
        if (isInRecovery(connection)) {
            return "it is read-only: it is a replica, or was not promoted";
        }
        return ON.equals(session.getParameterStatus("default_transaction_read_only"))
                ? "it is read-only: default_transaction_read_only is on"
                : null;
    }

    /** Returns true if the server was a standby when it last answered. */
    static boolean isInRecovery(Connection connection) throws SQLException {
        return ON.equals(connection.unwrap(PGConnection.class).getParameterStatus("in_hot_standby"));
    }
}
