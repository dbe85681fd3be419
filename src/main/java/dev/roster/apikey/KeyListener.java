package dev.roster.apikey;

import dev.roster.feed.FeedListener;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps the keys in this node's memory equal to those in the table. Nothing else writes them, so an older row never
 * replaces a newer one.
 */
final class KeyListener implements FeedListener {
    private final Map<String, StoredKey> byId;

    /** @param byId the keys in memory */
    KeyListener(ConcurrentHashMap<String, StoredKey> byId) {
        this.byId = byId;
    }

    @Override
    public String channel() {
        return "api_keys";
    }

    @Override
    public void load(Connection connection, Runnable progress) throws SQLException {
        Map<String, StoredKey> loaded = new ConcurrentHashMap<>();
        try (PreparedStatement query =
                        connection.prepareStatement("""
                        SELECT %s
                          FROM api_keys
                         WHERE %s
                        """.formatted(StoredKey.COLUMNS, KeyCommands.IS_LIVE));
                ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                progress.run();
                StoredKey key = StoredKey.read(rows);
                loaded.put(key.id(), key);
            }
        }
        byId.keySet().retainAll(loaded.keySet());
        byId.putAll(loaded);
    }

    /** Forgets a key that has changed: until it is loaded again, requests with it ask the database. */
    @Override
    public boolean hear(String payload, Instant now) {
        StoredKey unused = byId.remove(payload);
        return false; // has the feed load the table
    }
}
