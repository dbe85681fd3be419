package dev.roster.query.cache;

import dev.roster.feed.FeedListener;
import java.sql.Connection;
import java.time.Instant;
import java.util.UUID;

/** Tells the cache which rows of {@code users} have changed. */
public final class UserChangeListener implements FeedListener {
    private final UserCache cache;

    public UserChangeListener(UserCache cache) {
        this.cache = cache;
    }

    @Override
    public String channel() {
        return "users";
    }

    @Override
    public void load(Connection connection, Runnable progress) {
        cache.missed();
    }

    @Override
    public boolean hear(String payload, Instant now) {
        try {
            cache.changed(UUID.fromString(payload));
        } catch (IllegalArgumentException e) {
            cache.missed(); // TRUNCATE, or a NOTIFY by hand
        }
        return true;
    }
}
