package dev.roster.token.signing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.process.Shell;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The audit events of rotations that no operator asked for. */
class RotationEventsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestDatabase database = TestDatabase.migrated();
    private final RosterExtension node =
            new RosterExtension().on(database).with("KEY_LEAD", "1s").with("TOKEN_ALGORITHM", "ES256");

    @AfterEach
    void stop() {
        node.stop();
        new Shell(database).verifyAudit();
    }

    @Test
    void changeOfTheAlgorithmIsRecorded() throws Exception {
        node.start();
        assertThat(events()).isEqualTo(expected()).hasSize(1);

        node.stop();
        node.with("TOKEN_ALGORITHM", "EdDSA").start();

        assertThat(events()).isEqualTo(expected()).hasSize(2);
    }

    @Test
    void rotationByAgeIsRecorded() throws Exception {
        node.with("KEY_ROTATION", "1s").start();

        Poll.until("two keys were replaced", PATIENCE, () -> expected().size() > 2);

        node.stop();
        assertThat(events()).isEqualTo(expected());
        node.start();
    }

    /** One for each key. */
    private List<Map<String, Object>> expected() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("""
                        SELECT 'kid-' || kid AS details, false AS has_an_actor
                          FROM signing_keys
                         WHERE kid <> 'HS256'
                         ORDER BY created_at
                        """).mapToMap().list());
    }

    private List<Map<String, Object>> events() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("""
                        SELECT details, coalesce(actor_id::text, target_id::text, key_id, actor, reason) IS NOT NULL
                                   AS has_an_actor
                          FROM audit_events
                         WHERE type = 'signing_key_rotated'
                         ORDER BY occurred_at, id
                        """).mapToMap().list());
    }
}
