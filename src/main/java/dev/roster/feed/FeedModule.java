package dev.roster.feed;

import dev.roster.database.DatabaseModule;
import dev.roster.database.primary.PrimaryWatch;
import dev.roster.host.Host;
import dev.roster.host.Room;
import dev.roster.settings.StartRefusedException;
import io.dropwizard.util.Duration;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;

/** The change feed. Rooms add their listeners to it. */
public final class FeedModule implements Room {
    /** How long the first load may take, in addition to the wait for the database. */
    private static final java.time.Duration LOAD_WAIT = java.time.Duration.ofSeconds(5);

    private final ChangeFeed feed;
    private final java.time.Duration startWait;

    /** @param freshness how long memory is fresh after the feed's last proof of life */
    public FeedModule(Host host, DatabaseModule database, Duration freshness) {
        PrimaryWatch primary = database.watch();
        this.feed = new ChangeFeed(
                database::openFeed,
                database::openProbe,
                database.configuration().proof(),
                host.clock(),
                freshness.toJavaDuration(),
                () -> epoch(primary));
        this.startWait = database.configuration().startupWait().toJavaDuration().plus(LOAD_WAIT);
        primary.onEpoch(epoch -> feed.reconnect());
    }

    /** The first epoch may begin after the feed. While no server may be used, memory is of no epoch. */
    private static long epoch(PrimaryWatch primary) {
        return primary.isOpen() ? Math.max(1, primary.epoch().number()) : -1;
    }

    public ChangeFeed feed() {
        return feed;
    }

    @Override
    public void plugInto(Host host) {
        GaugeWithCallback.builder()
                .name("roster_feed_age_seconds")
                .help("Seconds since memory was last proven complete; absent while the feed is not connected.")
                .callback(gauge -> {
                    java.time.Duration age = feed.age();
                    if (age != null) {
                        gauge.call(age.toMillis() / 1000.0);
                    }
                })
                .register(host.metrics());
        GaugeWithCallback.builder()
                .name("roster_feed_fresh")
                .help("1 while tokens are checked in memory, 0 while they are checked in the database.")
                .callback(gauge -> gauge.call(feed.isFresh() ? 1 : 0))
                .register(host.metrics());
        host.health("revocation-feed", new FeedHealthCheck(feed));
        host.manage(feed);
        host.onStart(this::start);
    }

    private void start() throws InterruptedException {
        if (!feed.start(startWait)) {
            String reason = feed.failure(); // closing it makes its connection fail for another reason
            feed.close();
            throw new StartRefusedException(
                    "FEED_DATABASE_URL, or DATABASE_URL", "the change feed does not start: " + reason);
        }
    }
}
