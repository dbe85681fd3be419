package dev.roster.feed;

import java.sql.Connection;
import java.sql.SQLException;

/** Mends the database of a new primary, which may lack the last commits of the old one. */
@FunctionalInterface
public interface EpochAction {
    /**
     * Called by the feed's thread, on its first connection to a new primary, before the listeners load and before
     * memory is fresh. If it throws, the feed connects and calls it again.
     *
     * @param connection in autocommit mode; leave it in this mode
     * @param progress to be called at least once a second
     */
    void run(Connection connection, Runnable progress) throws SQLException;
}
