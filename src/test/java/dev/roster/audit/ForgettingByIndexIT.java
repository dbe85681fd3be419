package dev.roster.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.id.Ids;
import dev.roster.key.SecretKey;
import dev.roster.support.TestTokens;
import dev.roster.support.database.TestDatabase;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;

/** The time of a deletion does not grow with the events of other users. */
class ForgettingByIndexIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();

    @Test
    void deletionReadsOnlyTheUsersOwnEvents() {
        UUID userId = UUID.randomUUID();
        Clock clock = Clock.systemUTC();
        AuditEvents events = new AuditEvents(
                new SecretKey(TestTokens.SECRET_KEY),
                new Ids(clock, new SecureRandom()),
                clock,
                new PrometheusRegistry());
        try (Handle handle = DATABASE.jdbi().open()) {
            handle.execute("""
                    INSERT INTO audit_events (id, occurred_at, type, actor_id, target_id, request_id, user_agent,
                                              user_agent_mac, mac)
                    SELECT gen_random_uuid(), now(), 'logged_in', person, person, 'x', 'Phone', 'x', 'x'
                      FROM (SELECT gen_random_uuid() AS person FROM generate_series(1, 20000)) others
                    """);
            handle.execute("ANALYZE audit_events");
            handle.begin();

            events.forgetPerson(handle, userId);

            long read = handle.createQuery("""
                            SELECT sum(seq_tup_read)
                              FROM pg_stat_xact_user_tables
                             WHERE relname LIKE 'audit_events%'
                            """).mapTo(Long.class).one();
            handle.rollback();
            assertThat(read).isLessThan(1000);
        }
    }
}
