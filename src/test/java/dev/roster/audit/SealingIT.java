package dev.roster.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Concurrently;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** L5: two nodes record and seal events concurrently, and no request waits. */
class SealingIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String CHANGES = "SELECT count(*) FROM audit_events WHERE type = 'details_changed'";
    private static final TestDatabase DATABASE = TestDatabase.migrated();

    @RegisterExtension
    static final RosterExtension ONE = new RosterExtension().on(DATABASE).set("audit.sealInterval", "10ms");

    @RegisterExtension
    static final RosterExtension OTHER = new RosterExtension().on(DATABASE).set("audit.sealInterval", "10ms");

    private final Trail trail = new Trail(ONE);

    @Test
    void sealsEachEventOnce() throws Exception {
        long before = trail.count(CHANGES);
        List<TestUser> users = List.of(ONE.api().newUser(), ONE.api().newUser());

        Concurrently.run(8, i -> {
            Api api = (i % 2 == 0 ? ONE : OTHER).api();
            for (int change = 0; change < 25; change++) {
                TestUser user = users.get(change % 2);
                api.put(user.path(), user.token(), Map.of("name", "Name " + i + " " + change)) // each is a change
                        .expect(200);
            }
            return i;
        });
        trail.awaitSealed();

        assertThat(trail.count(CHANGES)).isEqualTo(before + 200);
        assertThat(trail.count("SELECT count(*) FROM audit_seals")).isGreaterThan(1);
        assertThat(trail.count("SELECT max(number) FROM audit_seals"))
                .isEqualTo(trail.count("SELECT count(*) FROM audit_seals"));
        assertThat(trail.count("SELECT count(*) FROM audit_seals, unnest(event_ids)"))
                .isEqualTo(trail.count("SELECT count(DISTINCT id) FROM audit_seals, unnest(event_ids) AS id"))
                .isEqualTo(trail.count("SELECT count(*) FROM audit_events"));
        trail.verify().expectNone();
    }

    /** Requests succeed while another transaction holds the locks of the sealer. */
    @Test
    void requestsDoNotWaitForTheSealer() {
        TestUser user = ONE.api().newUser();
        trail.awaitSealed();
        try (Handle sealer = DATABASE.jdbi().open()) {
            sealer.begin();
            sealer.execute("SELECT pg_advisory_xact_lock(hashtext('roster-audit-seal'))");
            sealer.execute("LOCK TABLE audit_seals IN EXCLUSIVE MODE");

            ONE.api().put(user.path(), user.token(), Map.of("name", "Trillian")).expect(200);
            OTHER.api().login(user.email(), Api.PASSWORD).expect(200);

            assertThat(trail.count("SELECT count(*) FROM audit_unsealed")).isEqualTo(2);
            Trail.Verification verification = trail.verify();
            verification.expectNone();
            assertThat(verification.summary()).contains("; 2 not sealed yet; ");
            sealer.rollback();
        }
        trail.awaitSealed();
        trail.verify().expectNone();
    }

    /** The table of unsealed events still lists it. */
    @Test
    void eventRemovedBeforeItIsSealedIsMissing() {
        TestUser user = ONE.api().newUser();
        trail.awaitSealed();
        try (Handle sealer = DATABASE.jdbi().open()) {
            sealer.begin();
            sealer.execute("SELECT pg_advisory_xact_lock(hashtext('roster-audit-seal'))");
            ONE.api().login(user.email(), "wrong").expect(401);
            sealer.execute("CREATE TEMPORARY TABLE kept AS SELECT * FROM audit_events"
                    + " WHERE id IN (SELECT id FROM audit_unsealed)");
            trail.tamper("DELETE FROM audit_events WHERE id IN (SELECT id FROM audit_unsealed)");

            trail.verify().expect("event .* is missing: it was not sealed yet");

            sealer.execute("INSERT INTO audit_events SELECT * FROM kept");
            sealer.commit();
        }
        trail.awaitSealed();
        trail.verify().expectNone();
    }

    @Test
    void sealingContinuesAfterAFailure() {
        Api api = ONE.api();
        DATABASE.jdbi().useHandle(handle -> handle.execute("ALTER TABLE audit_seals RENAME TO hidden"));
        TestUser user = api.newUser();
        Poll.until("the failure is reported", PATIENCE, () -> message().startsWith("the last run failed: "));
        new Api(ONE.admin()).raw("GET", "/healthcheck").expect(200);
        api.login(user.email(), Api.PASSWORD).expect(200);
        DATABASE.jdbi().useHandle(handle -> handle.execute("ALTER TABLE hidden RENAME TO audit_seals"));

        trail.awaitSealed();
        Poll.until("the success is reported", PATIENCE, () -> message().isEmpty());
        assertThat(ONE.count("roster_job_failures_total", "name", "audit-seal")).isPositive();
        trail.verify().expectNone();
    }

    private static String message() {
        return new Api(ONE.admin())
                .raw("GET", "/healthcheck")
                .body()
                .path("audit-seal")
                .path("message")
                .asText();
    }
}
