package dev.roster.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.http.RequestSource;
import dev.roster.id.Ids;
import dev.roster.key.SecretKey;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.http.Api.TestUser;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
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
        ROSTER.jdbi().useHandle(handle -> addEventsOfOperators(handle, user.id()));

        ROSTER.api().delete(user.path(), user.token()).expect(204);

        awaitForgotten();
    }

    /** A statement of a request has less than a second. */
    @Test
    void deletionItselfForgetsOneBatch() {
        UUID userId = UUID.randomUUID();
        Clock clock = Clock.systemUTC();
        AuditEvents events = new AuditEvents(
                new SecretKey(TestTokens.SECRET_KEY),
                new Ids(clock, new SecureRandom()),
                clock,
                new PrometheusRegistry());
        AuditEvent deletion =
                AuditEvent.against(userId, AuditEvent.Type.DELETED, new RequestSource("x", null, "Phone"));
        ROSTER.jdbi().useTransaction(handle -> {
            addEventsOfOperators(handle, userId);

            events.forgetPerson(handle, userId);
            events.write(handle, List.of(deletion));

            assertThat(count(handle, "audit_events WHERE reason IS NOT NULL OR actor IS NOT NULL"))
                    .isEqualTo(7000);
        });

        awaitForgotten();
    }

    private static void addEventsOfOperators(Handle handle, UUID userId) {
        handle.execute("""
                INSERT INTO audit_events (id, occurred_at, type, target_id, request_id, key_id, reason, reason_mac,
                                          actor, actor_mac, mac)
                SELECT gen_random_uuid(), now(), 'disabled', ?, 'x', 'abcdefghijkl',
                       CASE WHEN i % 3 > 0 THEN 'Spam' END, CASE WHEN i % 3 > 0 THEN bytea 'x' END,
                       CASE WHEN i % 3 < 2 THEN 'Ford' END, CASE WHEN i % 3 < 2 THEN bytea 'x' END, 'x'
                  FROM generate_series(1, 12000) AS i
                """, userId);
    }

    private static void awaitForgotten() {
        Poll.until(
                "all events are forgotten",
                Duration.ofSeconds(30),
                () -> count("audit_events WHERE reason IS NOT NULL OR actor IS NOT NULL OR reason_mac IS NOT NULL"
                                        + " OR actor_mac IS NOT NULL")
                                == 0
                        && count("audit_unforgotten") == 0);
    }

    private static long count(String from) {
        return ROSTER.jdbi().withHandle(handle -> count(handle, from));
    }

    private static long count(Handle handle, String from) {
        return handle.createQuery("SELECT count(*) FROM " + from)
                .mapTo(Long.class)
                .one();
    }
}
