package dev.roster.feed;

import com.codahale.metrics.health.HealthCheck;
import dev.roster.revocation.RevokedTokens;
import java.time.Duration;

/** Healthy while this node knows what is revoked, anywhere: while its feed is not stale. */
public final class FeedHealthCheck extends HealthCheck {
    private final ChangeFeed feed;
    private final RevokedTokens revoked;

    public FeedHealthCheck(ChangeFeed feed, RevokedTokens revoked) {
        this.feed = feed;
        this.revoked = revoked;
    }

    @Override
    protected Result check() {
        Duration age = feed.age();
        if (age == null) {
            return Result.unhealthy("stale: %s", feed.failure());
        }
        return feed.isStale()
                ? Result.unhealthy("stale: complete %d ms ago", age.toMillis())
                : Result.healthy("complete %d ms ago, %d ids", age.toMillis(), revoked.size());
    }
}
