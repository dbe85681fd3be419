package dev.roster.revocation;

import dev.roster.feed.FeedListener;
import dev.roster.revocation.RecentRevocations.Known;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Adds to the revoked set what any node, or anybody by hand, writes to {@code token_blocklist}, and tells observers. It
 * never removes anything.
 */
final class RevocationListener implements FeedListener {
    private static final int FETCH_SIZE = 10_000;
    private static final double MILLIS = 1000;

    /** Nodes of before version 0.1.0 say hello to themselves on this channel. */
    private static final String OLD_HELLO = "hello ";

    private final RevokedTokens revoked;
    private final List<RevocationObserver> observers = new ArrayList<>();
    private final Counter received;
    private final Summary lag;

    /** False until memory was complete once: nobody has asked before. */
    private boolean isObserved;

    /** Until when the feed has revoked all tokens, and the expiry of that row. */
    private Instant allUntil = Instant.MIN;

    private Instant allExpiresAt = Instant.MIN;

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

    /** Adds an observer. Only before the feed starts. */
    void observe(RevocationObserver observer) {
        observers.add(observer);
    }

    @Override
    public String channel() {
        return "token_blocklist";
    }

    @Override
    public void load(Connection connection, Runnable progress) throws SQLException {
        connection.setAutoCommit(false); // with autocommit, the driver fetches all rows at once
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT id, expires_at, revoked_at, recent.kind, recent.user_id, recent.reason
                  FROM token_blocklist
                  LEFT JOIN LATERAL (SELECT kind, user_id, reason) AS recent
                    ON revoked_at > now() - make_interval(secs => ?)
                 WHERE expires_at > now() - make_interval(secs => ?)
                """)) {
            query.setFetchSize(FETCH_SIZE);
            query.setLong(1, RecentRevocations.SPAN.toSeconds());
            query.setLong(2, RevokedTokens.MARGIN.toSeconds());
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    progress.run();
                    read(rows);
                }
            }
            connection.commit(); // PostgreSQL sends no notification inside a transaction
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private void read(ResultSet row) throws SQLException {
        UUID id = row.getObject("id", UUID.class);
        Instant expiresAt = time(row, "expires_at");
        Instant revokedAt = time(row, "revoked_at");
        String kind = row.getString("kind");
        boolean isAll = id.equals(Revocation.ALL);
        if (kind != null) {
            String reason = row.getString("reason").intern(); // few reasons, many rows
            if (isAll) {
                revoked.recent().note(AllRevoked.of(revokedAt, expiresAt, reason));
            } else {
                UUID userId = row.getObject("user_id", UUID.class);
                Revocation revocation = new Revocation(id, kind.intern(), userId, reason, expiresAt);
                revoked.recent().note(Known.of(revocation, revokedAt));
            }
        }
        if (isAll) {
            addAll(revokedAt, expiresAt);
        } else {
            add(id, expiresAt);
        }
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private void add(UUID id, Instant expiresAt) {
        if (revoked.hear(id, expiresAt) && isObserved) {
            RevokedId news = new RevokedId(id, RevokedId.second(expiresAt));
            observers.forEach(observer -> observer.revoked(news));
        }
    }

    private void addAll(Instant until, Instant expiresAt) {
        revoked.addAll(until);
        // A second writing within the same seconds may change the expiry only. Observers must hear of it, because a
        // signing key may have ended with it.
        if (until.isAfter(allUntil) || expiresAt.isAfter(allExpiresAt)) {
            allUntil = until;
            allExpiresAt = expiresAt;
            if (isObserved) {
                observers.forEach(observer -> observer.allRevoked(until, expiresAt));
            }
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
            revoked.recent().note(Known.heard(notification.id(), notification.expiresAt(), notification.sentAt()));
            add(notification.id(), notification.expiresAt());
            received.inc();
            lag.observe(Math.max(0, Duration.between(notification.sentAt(), now).toMillis()) / MILLIS);
        });
        return heard.isPresent();
    }

    @Override
    public void proven(Instant completeUntil) {
        isObserved = true;
        observers.forEach(observer -> observer.proven(completeUntil));
    }
}
