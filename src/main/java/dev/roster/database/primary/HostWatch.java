package dev.roster.database.primary;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at one host every 500 ms, over a connection of its own, on a thread of its own: so a silent host delays nothing
 * but the looks at itself. {@link #close} may be called by any thread.
 */
final class HostWatch implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Logger LOGGER = LoggerFactory.getLogger(HostWatch.class);
    private static final int TIMEOUT_MILLIS = 1_000;

    private final String address;
    private final Opener opener;
    private final Consumer<Sight> sights;
    private final EpochLog epochs;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable Connection connection;

    /**
     * @param opener opens connections with bounded waits
     * @param sights takes what each look has shown
     * @param epochs the epochs that this host is to write down
     */
    HostWatch(String address, Opener opener, Consumer<Sight> sights, EpochLog epochs) {
        this.address = address;
        this.opener = opener;
        this.sights = sights;
        this.epochs = epochs;
    }

    void start(String name) {
        Thread thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        closed.countDown();
        forget();
    }

    private void run() {
        do {
            try {
                Connection current = connect();
                if (current != null) {
                    look(current);
                }
            } catch (Throwable e) { // on any failure, the next look must still come
                LOGGER.error("A look at the primary failed", e);
                forget();
            }
        } while (!isClosed());
        forget(); // close() may not have seen the last one
    }

    private @Nullable Connection connect() {
        Connection current = connection;
        if (current != null) {
            return current;
        }
        try {
            Connection opened = opener.open(address);
            connection = opened;
            opened.setNetworkTimeout(Runnable::run, TIMEOUT_MILLIS);
            return opened;
        } catch (SQLException e) {
            sights.accept(Sight.refused(e));
            return null;
        }
    }

    private void look(Connection current) {
        try {
            Sight sight = Sight.of(current);
            sights.accept(sight);
            if (sight.problem() == null) {
                write(current);
            } else {
                forget(); // a new session may do better, and the address may lead to another server
            }
        } catch (SQLException e) {
            forget();
            sights.accept(Sight.failed(e));
        }
    }

    /** Waits for no other node that writes the same row: the next look tries again. */
    private void write(Connection current) throws SQLException {
        Epoch epoch = epochs.unwritten();
        if (epoch == null) {
            return;
        }
        try (PreparedStatement statement = current.prepareStatement("""
                INSERT INTO epochs (timeline, first_lsn) VALUES (?, CAST(? AS pg_lsn)) ON CONFLICT DO NOTHING
                """)) {
            statement.setInt(1, epoch.timeline());
            statement.setString(2, epoch.firstPosition());
            statement.execute();
            epochs.written(epoch);
        } catch (SQLException e) {
            if (current.isClosed()) {
                throw e;
            }
        }
    }

    private void forget() {
        Connection current = connection;
        connection = null;
        if (current != null) {
            try {
                current.abort(Runnable::run); // a silent server would not answer a close
            } catch (SQLException e) {
                return; // it is closed
            }
        }
    }

    private boolean isClosed() {
        try {
            return closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true; // interrupted only to end it
        }
    }

    /** The epoch that is not in the table {@code epochs} yet. */
    interface EpochLog {
        /** Null if there is none, or another host is to write it. */
        @Nullable
        Epoch unwritten();

        void written(Epoch epoch);
    }
}
