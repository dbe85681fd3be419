package dev.roster.feed;

import com.codahale.metrics.health.HealthCheck;
import java.time.Duration;

/** Healthy while the feed is not stale, that is, while this node hears what other nodes revoke and change. */
final class FeedHealthCheck extends HealthCheck {
    private final ChangeFeed feed;

    FeedHealthCheck(ChangeFeed feed) {
        this.feed = feed;
    }

    @Override
    protected Result check() {
        Duration age = feed.age();
        if (age == null) {
            return Result.unhealthy("stale: %s", feed.failure());
        }
        return feed.isStale()
                ? Result.unhealthy("stale: complete %d ms ago", age.toMillis())
                : Result.healthy("complete %d ms ago", age.toMillis());
    }
}
