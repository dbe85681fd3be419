package dev.roster.feed;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

/**
 * Keeps a part of this node's memory equal to the database, by the notifications of one channel. Called by the feed's
 * thread only.
 */
public interface FeedListener {
    /** The channel, as NOTIFY names it. */
    String channel();

    /**
     * Loads everything that was committed before the call. Called on each new connection, after LISTEN and before the
     * feed is fresh, and whenever {@link #hear} did not understand a notification.
     *
     * @param connection in autocommit mode; leave it in this mode
     * @param progress to be called at least once a second while loading
     */
    void load(Connection connection, Runnable progress) throws SQLException;

    /**
     * Applies a notification.
     *
     * @param now the time by the database's clock
     * @return whether the payload was understood
     */
    boolean hear(String payload, Instant now);

    /**
     * Hears that everything committed until this moment has been loaded or heard. Called about four times a second
     * while the feed is connected.
     *
     * @param completeUntil by the database's clock
     */
    default void proven(Instant completeUntil) {}
}
