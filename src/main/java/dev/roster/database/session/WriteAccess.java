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
        if (ON.equals(session.getParameterStatus("in_hot_standby"))) {
            return "it is read-only: it is a replica, or was not promoted";
        }
        return ON.equals(session.getParameterStatus("default_transaction_read_only"))
                ? "it is read-only: default_transaction_read_only is on"
                : null;
    }
}
