package dev.roster.database.primary;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Watches which server is the primary. Thread-safe. */
public final class PrimaryWatch {
    private final List<Consumer<Epoch>> listeners = new ArrayList<>();
    private volatile Epoch epoch = Epoch.NONE;

    /** The epoch of now. A transaction that began in an earlier one may be lost. */
    public Epoch epoch() {
        return epoch;
    }

    /** Tells this listener each new epoch, once new connections lead to its primary. Only before the start. */
    public void onEpoch(Consumer<Epoch> listener) {
        listeners.add(listener);
    }

    /** Begins the first epoch of the process, if the server of this connection is a primary. */
    public void look(Connection connection) throws SQLException {
        Claim claim = Claim.of(connection);
        if (!claim.isInRecovery()) {
            begin(epoch.next(claim.timeline(), claim.firstPosition()));
        }
    }

    /** Adds the epoch of now to those that the database knows. */
    public void write(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                INSERT INTO epochs (timeline, first_lsn) VALUES (?, CAST(? AS pg_lsn)) ON CONFLICT DO NOTHING
                """)) {
            statement.setInt(1, epoch.timeline());
            statement.setString(2, epoch.firstPosition());
            statement.execute();
        }
    }

    private void begin(Epoch begun) {
        epoch = begun;
        listeners.forEach(listener -> listener.accept(begun));
    }
}
