package dev.roster.token.signing;

import dev.roster.feed.FeedListener;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Keeps a node's ring of signing keys equal to the table. Every notification loads the whole table, a few rows. */
final class SigningKeyListener implements FeedListener {
    private final SigningKeys keys;

    SigningKeyListener(SigningKeys keys) {
        this.keys = keys;
    }

    @Override
    public String channel() {
        return "signing_keys";
    }

    @Override
    public void load(Connection connection, Runnable progress) throws SQLException {
        List<StoredSigningKey> rows = new ArrayList<>();
        try (PreparedStatement query =
                        connection.prepareStatement("SELECT " + StoredSigningKey.COLUMNS + " FROM signing_keys");
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                progress.run();
                rows.add(StoredSigningKey.read(row));
            }
        }
        keys.load(rows);
    }

    @Override
    public boolean hear(String payload, Instant now) {
        return false; // has the feed load the table
    }
}
