package dev.roster.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.fault.Link;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * N6: while a machine is suspended, its monotonic clock may stand still, and the node's idea of the database's time
 * with it. These tests set the database's clock forward instead: a function shadows {@code clock_timestamp()}. The feed
 * is cut, so that no heartbeat corrects the node's clock first.
 */
class SuspendedNodeIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SUSPENSION = Duration.ofHours(1);

    private final TestDatabase database = TestDatabase.migrated();
    private final Link feed = Link.to(database.url() + "?currentSchema=public,pg_catalog");
    private final RosterExtension roster = new RosterExtension()
            .on(database)
            .with("DATABASE_URL", database.url() + "?currentSchema=public,pg_catalog")
            .with("FEED_DATABASE_URL", feed.url())
            .with("SESSIONS_PER_USER", "1");

    @BeforeEach
    void start() throws Exception {
        database.jdbi().useHandle(handle -> {
            handle.execute("CREATE TABLE public.suspensions (seconds integer)");
            handle.execute("""
                    CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS $$
                        SELECT pg_catalog.clock_timestamp()
                               + (SELECT make_interval(secs => coalesce(sum(seconds), 0)) FROM public.suspensions)
                    $$
                    """);
        });
        roster.start();
    }

    @AfterEach
    void stop() {
        roster.stop();
        feed.close();
    }

    @Test
    void tokenThatExpiredMeanwhileIsRefusedAtOnce() {
        TestUser user = roster.api().newUser();
        suspend();

        roster.api().get(user.path(), user.token()).expectInvalidToken();
        roster.api().put(user.path(), user.token(), Map.of("name", "Too Late")).expectInvalidToken();

        assertThat(roster.count("roster_authentications_total", "outcome", "invalid"))
                .isEqualTo(2);
    }

    /** Other nodes go on to issue tokens meanwhile. */
    @Test
    void sessionThatEndsAtOnceIsRevokedForLongEnough() {
        TestUser user = roster.api().newUser();
        suspend();

        TestSession next = roster.api().newSession(user); // ends the first

        assertThat(secondsUntilExpiry("too_many_sessions")).isBetween(890L, 965L);
        roster.api().logout(next.accessToken()).expect(204);
        assertThat(secondsUntilExpiry("logged_out")).isBetween(890L, 965L);
    }

    private void suspend() {
        feed.cut();
        Poll.until("the feed is lost", PATIENCE, () -> roster.count("roster_feed_fresh") == 0);
        database.jdbi()
                .useHandle(
                        handle -> handle.execute("INSERT INTO public.suspensions VALUES (?)", SUSPENSION.toSeconds()));
        roster.clock().advance(SUSPENSION);
    }

    /** How long the latest revocation of a session for this reason lasts, by the database's clock. */
    private long secondsUntilExpiry(String reason) {
        return database.jdbi().withHandle(handle -> handle.createQuery("""
                        SELECT extract(epoch FROM max(expires_at) - public.clock_timestamp())::bigint
                          FROM token_blocklist
                         WHERE kind = 'session' AND reason = :reason
                        """)
                .bind("reason", reason)
                .mapTo(long.class)
                .one());
    }
}
