package dev.roster.query.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.RosterExtension;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.fault.Link;
import dev.roster.support.http.Api;
import dev.roster.support.http.Exposition;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runs {@link UserHistory} on two nodes whose feeds fail and recover. */
class UserHistoryIT {
    private static final Duration FRESHNESS = Duration.ofMillis(500);
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final Link FEED = Link.to(DATABASE.url());
    private static final Link OTHER_FEED = Link.to(DATABASE.url());

    @RegisterExtension
    static final RosterExtension NODE = node(FEED);

    @RegisterExtension
    static final RosterExtension OTHER = node(OTHER_FEED);

    /** F5, S4: compares when operations start and end, so a slow machine causes no false failure. */
    @Test
    void readsAreNeverOlderThanPromisedWhileFeedsFail() throws Exception {
        UserHistory history = new UserHistory(List.of(NODE.api(), OTHER.api()), List.of(FEED, OTHER_FEED), FRESHNESS);

        assertThat(history.violations()).isEmpty();
        assertThat(List.of(NODE, OTHER)).allSatisfy(node -> assertThat(Exposition.of(new Api(node.admin()))
                        .value("roster_user_cache_lookups_total", "outcome", "hits"))
                .isPositive());
    }

    private static RosterExtension node(Link feed) {
        return new RosterExtension()
                .on(DATABASE)
                .with("FEED_DATABASE_URL", feed.url())
                .set("tokens.revocationFreshness", FRESHNESS.toMillis() + "ms");
    }
}
