package dev.roster.audit;

import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api.TestUser;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A user can be deleted who has more events than one batch forgets. */
class ForgettingManyEventsIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension().with("PURGE_INTERVAL", "1s");

    @Test
    void userAgentsAreForgottenInSeveralBatches() {
        TestUser user = ROSTER.api().newUser();
        ROSTER.jdbi().useHandle(handle -> handle.execute("""
                        INSERT INTO audit_events (id, occurred_at, type, target_id, request_id, user_agent,
                                                  user_agent_mac, mac)
                        SELECT gen_random_uuid(), now(), 'login_refused', ?, 'x', 'Phone', 'x', 'x'
                          FROM generate_series(1, 12000)
                        """, user.id()));

        ROSTER.api().delete(user.path(), user.token()).expect(204);

        Poll.until(
                "all events are forgotten",
                Duration.ofSeconds(30),
                () -> count("audit_events WHERE user_agent = 'Phone'") == 0 && count("audit_unforgotten") == 0);
    }

    /** Operators' programs may send no user agent. */
    @Test
    void reasonsAndActorsAreForgottenInSeveralBatches() {
        TestUser user = ROSTER.api().newUser();
        ROSTER.jdbi().useHandle(handle -> handle.execute("""
                        INSERT INTO audit_events (id, occurred_at, type, target_id, request_id, key_id, reason,
                                                  reason_mac, actor, actor_mac, mac)
                        SELECT gen_random_uuid(), now(), 'disabled', ?, 'x', 'abcdefghijkl',
                               CASE WHEN i % 3 > 0 THEN 'Spam' END, CASE WHEN i % 3 > 0 THEN bytea 'x' END,
                               CASE WHEN i % 3 < 2 THEN 'Ford' END, CASE WHEN i % 3 < 2 THEN bytea 'x' END, 'x'
                          FROM generate_series(1, 12000) AS i
                        """, user.id()));

        ROSTER.api().delete(user.path(), user.token()).expect(204);

        Poll.until(
                "all events are forgotten",
                Duration.ofSeconds(30),
                () -> count("audit_events WHERE reason IS NOT NULL OR actor IS NOT NULL OR reason_mac IS NOT NULL"
                                        + " OR actor_mac IS NOT NULL")
                                == 0
                        && count("audit_unforgotten") == 0);
    }

    private static long count(String from) {
        return ROSTER.jdbi().withHandle(handle -> handle.createQuery("SELECT count(*) FROM " + from)
                .mapTo(Long.class)
                .one());
    }
}
