package dev.roster.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.database.PrivatePostgres;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.AdminApi;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A primary whose only standby is synchronous, and two nodes: one believes commits, the other one answers. */
class FeedProofIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final PrivatePostgres PRIMARY = new PrivatePostgres();
    private static final TestDatabase DATABASE = TestDatabase.migrated(PRIMARY);
    private static final PrivatePostgres STANDBY = PrivatePostgres.standbyOf(PRIMARY);

    @RegisterExtension
    static final RosterExtension COMMIT = new RosterExtension().on(DATABASE).with("FEED_PROOF", "commit");

    @RegisterExtension
    static final RosterExtension READ = new RosterExtension().on(DATABASE);

    private static String key;
    private static TestUser user;

    @BeforeAll
    static void waitForTheStandby() {
        key = TestKeys.makeForAll(DATABASE.jdbi());
        user = COMMIT.api().newUser();
        awaitFresh();
        List.of("ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()")
                .forEach(sql -> DATABASE.jdbi().useHandle(handle -> handle.execute(sql)));
        Poll.until("the standby is synchronous", PATIENCE, () -> DATABASE.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT sync_state FROM pg_stat_replication")
                        .mapTo(String.class)
                        .findOne())
                .filter("sync"::equals)
                .isPresent());
    }

    @AfterEach
    void restore() {
        STANDBY.thaw();
        awaitFresh();
    }

    @AfterAll
    static void stop() {
        STANDBY.close();
        PRIMARY.close();
    }

    @Test
    void memoryIsTrustedWhileTheStandbyConfirms() {
        long asked = lookUps(COMMIT);
        COMMIT.api().get("/users/me", user.token()).expect(200);

        assertThat(lookUps(COMMIT)).isEqualTo(asked);
    }

    @Test
    void nothingIsAcceptedWhileNoStandbyConfirms() {
        STANDBY.freeze();
        awaitStale();

        expect(503);

        STANDBY.thaw();
        awaitFresh();
        expect(200);
    }

    @Test
    void nothingIsAcceptedWhileTheStandbyIsStopped() {
        STANDBY.stop();
        try {
            awaitStale();
            expect(503);
        } finally {
            STANDBY.start();
        }
        awaitFresh();
        expect(200);
    }

    @Test
    void answersOfThePrimaryAreEnoughByDefault() {
        STANDBY.freeze();
        awaitStale();

        assertThat(READ.count("roster_feed_fresh")).isEqualTo(1);
        READ.api().get("/users/me", user.token()).expect(200);
    }

    /** Otherwise each request would leave a backend behind, which does not notice that its client has gone. */
    @Test
    void noBackendWaitsOnAfterTheAnswer() {
        STANDBY.freeze();
        awaitStale();
        for (int i = 0; i < 5; i++) {
            COMMIT.api().get("/users/me", user.token()).expectProblem(503, "unavailable");
        }

        assertThat(waitingLookUps()).isZero();
    }

    private static void expect(int status) {
        Api api = COMMIT.api();
        AdminApi admin = new AdminApi(COMMIT.admin(), key);
        assertThat(List.of(
                        api.get("/users/me", user.token()).status(),
                        api.form("/oauth/introspect", key, "token=" + user.token())
                                .status(),
                        admin.get("/keys").status()))
                .containsOnly(status);
    }

    private static int waitingLookUps() {
        return DATABASE.jdbi()
                .withHandle(
                        handle -> handle.createQuery("""
                        SELECT count(*)
                          FROM pg_stat_activity
                         WHERE wait_event = 'SyncRep' AND application_name = 'roster-queries'
                        """).mapTo(Integer.class).one());
    }

    private static long lookUps(RosterExtension node) {
        return node.count("roster_revocation_lookups_total", "source", "database");
    }

    private static void awaitFresh() {
        Poll.until("fresh", PATIENCE, () -> COMMIT.count("roster_feed_fresh") == 1);
    }

    private static void awaitStale() {
        Poll.until("stale", PATIENCE, () -> COMMIT.count("roster_feed_fresh") == 0);
    }
}
