package dev.roster.revocation;

import dev.roster.feed.FeedListener;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Summary;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;

/**
 * Adds to the revoked set what any node, or anybody by hand, writes to {@code token_blocklist}. It never removes
 * anything.
 */
final class RevocationListener implements FeedListener {
    private static final int FETCH_SIZE = 10_000;
    private static final double MILLIS = 1000;

    /** Nodes of before version 0.1.0 say hello to themselves on this channel. */
    private static final String OLD_HELLO = "hello ";

    private final RevokedTokens revoked;
    private final Counter received;
    private final Summary lag;

    RevocationListener(RevokedTokens revoked, PrometheusRegistry metrics) {
        this.revoked = revoked;
        this.received = Counter.builder()
                .name("roster_revocations_received")
                .help("Revocations that this node has heard of.")
                .withoutExemplars()
                .register(metrics);
        this.lag = Summary.builder()
                .name("roster_revocation_lag_seconds")
                .help("Time from the database's writing of a revocation until this node heard of it.")
                .quantile(0.5)
                .quantile(0.99)
                .withoutExemplars()
                .register(metrics);
    }

    @Override
    public String channel() {
        return "token_blocklist";
    }

    @Override
    public void load(Connection connection, Runnable progress) throws SQLException {
        connection.setAutoCommit(false); // with autocommit, the driver fetches all rows at once
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT id, expires_at, revoked_at
                  FROM token_blocklist
                 WHERE expires_at > now() - make_interval(secs => ?)
                """)) {
            query.setFetchSize(FETCH_SIZE);
            query.setLong(1, RevokedTokens.MARGIN.toSeconds());
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    progress.run();
                    UUID id = rows.getObject(1, UUID.class);
                    if (id.equals(Revocation.ALL)) {
                        revoked.addAll(rows.getObject(3, OffsetDateTime.class).toInstant());
                    } else {
                        revoked.add(id, rows.getObject(2, OffsetDateTime.class).toInstant());
                    }
                }
            }
            connection.commit(); // PostgreSQL sends no notification inside a transaction
        } finally {
            connection.setAutoCommit(true);
        }
    }

    @Override
    public boolean hear(String payload, Instant now) {
        if (payload.startsWith(OLD_HELLO)) {
            return true;
        }
        // A payload lacks the moment until which all tokens are revoked: have the feed load the table.
        Optional<Notification> heard = Notification.parse(payload)
                .filter(notification -> !notification.id().equals(Revocation.ALL));
        heard.ifPresent(notification -> {
            revoked.add(notification.id(), notification.expiresAt());
            received.inc();
            lag.observe(Math.max(0, Duration.between(notification.sentAt(), now).toMillis()) / MILLIS);
        });
        return heard.isPresent();
    }
}
