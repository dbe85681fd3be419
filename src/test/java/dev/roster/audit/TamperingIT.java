package dev.roster.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roster.http.RequestSource;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.process.CommandLine;
import dev.roster.support.process.CommandLine.Outcome;
import dev.roster.support.process.RosterProcess;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** L5: the verifier finds and names what was changed in the trail past the service. */
class TamperingIT {
    private static final String OTHER_KEY = "other-4fJq8ZrTnX2bVyLw6mKdHsP9GcA1eUoQ";

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension().set("audit.sealInterval", "20ms");

    private final Api api = ROSTER.api();
    private final Trail trail = new Trail(ROSTER);
    private final TestUser user = api.newUser();

    private static final String KEY = "abcdefghijkl";
    private static final String OTHER_KEY_ID = "ABCDEFGHIJKL";

    /** Records events in at least three seals, and backs up the trail, which is restored after each test. */
    @BeforeEach
    void recordEvents() {
        trail.record(
                byOperator(AuditEvent.Type.KEY_CREATED, null, OTHER_KEY_ID, "Ford", "For the desk"),
                byOperator(AuditEvent.Type.DISABLED, user.id(), null, "Arthur", "Spam"),
                byOperator(AuditEvent.Type.ENABLED, user.id(), null, "Ford", "No spam after all"),
                byOperator(AuditEvent.Type.PASSWORD_RESET_REQUIRED, user.id(), null, null, null));
        trail.awaitSealed();
        for (int i = 0; i < 2; i++) {
            api.login(user.email(), "wrong").expect(401);
            api.put(user.path(), user.token(), Map.of("name", "Trillian " + i)).expect(200);
            trail.awaitSealed();
        }
        trail.verify().expectNone();
        ROSTER.jdbi().useHandle(handle -> {
            handle.execute("CREATE TABLE kept_events AS SELECT * FROM audit_events");
            handle.execute("CREATE TABLE kept_seals AS SELECT * FROM audit_seals");
        });
    }

    @AfterEach
    void restoreTrail() {
        ROSTER.jdbi().useTransaction(handle -> {
            handle.execute("SET LOCAL session_replication_role = replica");
            handle.execute("DELETE FROM audit_events");
            handle.execute("DELETE FROM audit_seals");
            handle.execute("INSERT INTO audit_events SELECT * FROM kept_events");
            handle.execute("INSERT INTO audit_seals SELECT * FROM kept_seals");
            handle.execute("DROP TABLE kept_events, kept_seals");
        });
        trail.verify().expectNone();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "type = 'logged_in'",
                "actor_id = gen_random_uuid()",
                "actor_id = NULL",
                "target_id = gen_random_uuid()",
                "session_id = gen_random_uuid()",
                "session_id = NULL",
                "details = 'role'",
                "details = NULL",
                "request_id = 'another'",
                "ip = '127.0.0.2'",
                "ip = '127.0.0.1/24'",
                "ip = '::ffff:127.0.0.1'",
                "ip = NULL",
                "occurred_at = occurred_at + interval '1 microsecond'",
                "occurred_at = occurred_at - interval '1 month'",
                "key_id = 'abcdefghijkl'",
                "target_key_id = 'abcdefghijkl'",
                "reason = 'Spam', reason_mac = user_agent_mac",
                "actor = 'Ford', actor_mac = mac",
                "user_agent = 'another'",
                "user_agent_mac = mac",
                "mac = user_agent_mac",
                "mac = ''"
            })
    void editedEventIsFound(String edit) {
        UUID id = lastOf("details_changed");

        trail.tamper("UPDATE audit_events SET " + edit + " WHERE id = ?", id);

        trail.verify().expect("event " + id + " of .* \\(\\w+\\) was edited");
    }

    /** As when a person is forgotten who was not deleted. */
    @Test
    void removedUserAgentIsFound() {
        UUID id = lastOf("details_changed");

        trail.tamper("UPDATE audit_events SET user_agent = NULL, user_agent_mac = NULL WHERE id = ?", id);

        trail.verify().expect("event " + id + " of .* \\(details_changed\\) lost its user agent");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "type = 'enabled'",
                "key_id = 'ABCDEFGHIJKL'",
                "key_id = NULL",
                "key_id = NULL, target_key_id = key_id",
                "target_key_id = key_id",
                "reason = 'spam'",
                "reason = 'Spam '",
                "reason_mac = mac",
                "actor = 'Ford'",
                "actor_mac = reason_mac",
                "reason = actor, actor = reason",
                "reason = actor, actor = reason, reason_mac = actor_mac, actor_mac = reason_mac",
                "reason = NULL, reason_mac = NULL, actor = reason, actor_mac = reason_mac",
                "key_id = NULL, reason = NULL, reason_mac = NULL, actor = NULL, actor_mac = NULL",
                "user_agent = 'curl', user_agent_mac = reason_mac"
            })
    void editedEventOfAnOperatorIsFound(String edit) {
        UUID id = lastOf("disabled");

        trail.tamper("UPDATE audit_events SET " + edit + " WHERE id = ?", id);

        trail.verify().expect("event " + id + " of .* \\(\\w+\\) was edited");
    }

    @Test
    void removedReasonAndActorAreFound() {
        UUID disabled = lastOf("disabled");
        UUID enabled = lastOf("enabled");
        UUID created = lastOf("key_created");

        trail.tamper("UPDATE audit_events SET reason = NULL, reason_mac = NULL WHERE id = ?", disabled);
        trail.tamper("UPDATE audit_events SET actor = NULL, actor_mac = NULL WHERE id = ?", enabled);
        trail.tamper(
                "UPDATE audit_events SET reason = NULL, reason_mac = NULL, actor = NULL, actor_mac = NULL WHERE id = ?",
                created);

        assertThat(trail.verify().findings().stream()
                        .map(finding -> finding.replaceAll(" of \\S+ ", " ").replaceFirst("^event ", "")))
                .containsExactlyInAnyOrder(
                        disabled + " (disabled) lost its reason",
                        enabled + " (enabled) lost its actor",
                        created + " (key_created) lost its reason",
                        created + " (key_created) lost its actor");
    }

    @ParameterizedTest
    @ValueSource(strings = {"reason, reason_mac", "actor, actor_mac", "reason", "actor_mac", "key_id, target_key_id"})
    void exchangedWordsOfOperatorsAreFound(String columns) {
        UUID first = lastOf("key_created");
        UUID second = lastOf("disabled");

        trail.tamper("""
                UPDATE audit_events AS event
                   SET (%s) = (SELECT %s FROM audit_events AS other WHERE id IN (?, ?) AND other.id <> event.id)
                 WHERE id IN (?, ?)
                """.formatted(columns, columns), first, second, first, second);

        assertThat(trail.verify().findings())
                .hasSize(2)
                .anyMatch(finding -> finding.matches("event " + first + " of .* was edited"))
                .anyMatch(finding -> finding.matches("event " + second + " of .* was edited"));
    }

    @Test
    void reasonMovedToAnotherEventIsFound() {
        UUID from = lastOf("disabled");
        UUID to = lastOf("password_reset_required");

        trail.tamper(
                "UPDATE audit_events SET (reason, reason_mac) ="
                        + " (SELECT reason, reason_mac FROM audit_events WHERE id = ?) WHERE id = ?",
                from,
                to);
        trail.tamper("UPDATE audit_events SET reason = NULL, reason_mac = NULL WHERE id = ?", from);

        assertThat(trail.verify().findings())
                .hasSize(2)
                .anyMatch(finding -> finding.matches("event " + from + " of .* lost its reason"))
                .anyMatch(finding -> finding.matches("event " + to + " of .* was edited"));
    }

    @Test
    void changedEventIdIsFound() {
        UUID id = lastOf("details_changed");
        UUID other = UUID.randomUUID();

        trail.tamper("UPDATE audit_events SET id = ? WHERE id = ?", other, id);

        assertThat(trail.verify().findings())
                .hasSize(2)
                .anyMatch(finding -> finding.matches("event " + id + " of .* is missing: seal \\d+ lists it"))
                .anyMatch(finding -> finding.matches("event " + other + " of .* was inserted"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, -1})
    void removedEventIsFound(int place) {
        List<UUID> ids = trail.ids();
        UUID id = ids.get(place < 0 ? ids.size() + place : place);

        trail.tamper("DELETE FROM audit_events WHERE id = ?", id);

        trail.verify().expect("event " + id + " of .* is missing: seal \\d+ lists it");
    }

    @Test
    void eventRemovedFromItsSealTooIsFound() {
        UUID id = lastOf("login_refused");

        trail.tamper("DELETE FROM audit_events WHERE id = ?", id);
        trail.tamper(
                "UPDATE audit_seals SET event_ids = event_ids[2:], event_macs = event_macs[2:] WHERE event_ids[1] = ?",
                id);

        trail.verify().expect("seal \\d+ was edited");
    }

    @Test
    void forgedEventIsFound() {
        UUID id = forge();

        trail.verify().expect("event " + id + " of .* \\(logged_in\\) was inserted");
    }

    /** The forger lets the service seal the event: the seal is correct, but the MAC of the event is not. */
    @Test
    void forgedEventInASealIsFound() {
        UUID id = forge();
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute(
                        "INSERT INTO audit_unsealed SELECT id, occurred_at, mac FROM audit_events WHERE id = ?", id));
        trail.awaitSealed();

        trail.verify().expect("event " + id + " of .* \\(logged_in\\) was edited");
    }

    @Test
    void eventsWithExchangedIdsAreFound() {
        List<UUID> ids = trail.ids();
        UUID first = ids.get(ids.size() - 2);
        UUID second = ids.get(ids.size() - 1);

        trail.tamper("""
                UPDATE audit_events
                   SET id = CASE id WHEN ?1 THEN ?2 ELSE ?1 END
                 WHERE id IN (?1, ?2)
                """.replace("?1", "'" + first + "'::uuid").replace("?2", "'" + second + "'::uuid"));

        trail.verify().expect("event " + first + " of .* was edited", "event " + second + " of .* was edited");
    }

    @ParameterizedTest
    @ValueSource(strings = {"occurred_at", "type, actor_id, target_id, details", "mac"})
    void eventsWithExchangedContentsAreFound(String columns) {
        List<UUID> ids = trail.ids();
        UUID first = ids.get(ids.size() - 2);
        UUID second = ids.get(ids.size() - 1);

        trail.tamper("""
                UPDATE audit_events AS event
                   SET (%s) = (SELECT %s FROM audit_events AS other WHERE id IN (?, ?) AND other.id <> event.id)
                 WHERE id IN (?, ?)
                """.formatted(columns, columns), first, second, first, second);

        trail.verify().expect("event " + first + " of .* was edited", "event " + second + " of .* was edited");
    }

    @Test
    void removedSealIsFound() {
        long number = trail.count("SELECT max(number) - 1 FROM audit_seals");
        long events = trail.count("SELECT cardinality(event_ids) FROM audit_seals WHERE number = " + number);

        trail.tamper("DELETE FROM audit_seals WHERE number = ?", number);

        assertThat(trail.verify().findings())
                .hasSize((int) events + 1)
                .startsWith("seal " + number + " is missing")
                .filteredOn(finding -> finding.endsWith("is in no seal"))
                .hasSize((int) events);
    }

    @Test
    void removedFirstSealIsFound() {
        trail.tamper(
                "DELETE FROM audit_events WHERE id IN (SELECT unnest(event_ids) FROM audit_seals WHERE number = 1)");
        trail.tamper("DELETE FROM audit_seals WHERE number = 1");

        trail.verify().expect("seal 1 is missing");
    }

    /** Nothing in the database shows it: only a noted head does. */
    @Test
    void removedLastSealIsFoundWithANotedHead() {
        Head noted = trail.verify().head();
        trail.tamper(
                "DELETE FROM audit_events WHERE id IN (SELECT unnest(event_ids) FROM audit_seals WHERE number = ?)",
                noted.number());
        trail.tamper("DELETE FROM audit_seals WHERE number = ?", noted.number());

        trail.verify().expectNone();
        trail.verify(noted).expect("seal " + noted.number() + " is missing");
    }

    @Test
    void sealThatDiffersFromTheNotedHeadIsFound() {
        Head head = trail.verify().head();

        trail.verify(head).expectNone();
        trail.verify(new Head(head.number(), "0".repeat(32)))
                .expect("seal " + head.number() + " is not the one that was noted");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sealed_at = sealed_at + interval '1 second'",
                "latest_month = NULL",
                "previous_mac = ''",
                "event_ids = event_ids || event_ids, event_macs = event_macs || event_macs",
                "mac = previous_mac"
            })
    void editedSealIsFound(String edit) {
        long number = trail.count("SELECT max(number) - 1 FROM audit_seals");

        trail.tamper("UPDATE audit_seals SET " + edit + " WHERE number = ?", number);

        assertThat(trail.verify().findings()).contains("seal " + number + " was edited");
    }

    @Test
    void reorderedSealsAreFound() {
        long last = trail.count("SELECT max(number) FROM audit_seals");
        long before = last - 1;
        trail.tamper("UPDATE audit_seals SET number = -1 WHERE number = ?", last);
        trail.tamper("UPDATE audit_seals SET number = ? WHERE number = ?", last, before);
        trail.tamper("UPDATE audit_seals SET number = ? WHERE number = -1", before);

        trail.verify().expect("seal " + before + " was edited", "seal " + last + " was edited");
    }

    @Test
    void anotherKeyIsReported() {
        Trail.Verification verification = trail.verify(OTHER_KEY, 12, null);

        assertThat(verification.failed()).isTrue();
        assertThat(verification.findings()).isEmpty();
        assertThat(verification.summary()).contains("AUDIT_SECRET_KEY");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE audit_events SET details = 'role'",
                "UPDATE audit_events SET user_agent = 'x', user_agent_mac = mac",
                "UPDATE audit_events SET user_agent = NULL, user_agent_mac = NULL, ip = NULL",
                "UPDATE audit_events SET reason = 'x'",
                "UPDATE audit_events SET reason = 'x', reason_mac = mac WHERE reason IS NULL",
                "UPDATE audit_events SET reason_mac = mac WHERE reason IS NOT NULL",
                "UPDATE audit_events SET reason = NULL, reason_mac = NULL, actor = reason, actor_mac = reason_mac",
                "UPDATE audit_events SET reason = NULL, reason_mac = NULL, key_id = NULL",
                "DELETE FROM audit_events",
                "TRUNCATE audit_events",
                "TRUNCATE audit_events_default",
                "UPDATE audit_seals SET number = number + 1",
                "TRUNCATE audit_seals"
            })
    void triggersRefuseChanges(String statement) {
        assertThatThrownBy(() -> ROSTER.jdbi().useHandle(handle -> handle.execute(statement)))
                .hasMessageContaining("The audit trail is append-only");
    }

    @Test
    void triggersRefuseChangesOfEveryColumn() {
        List<String> columns = ROSTER.jdbi()
                .withHandle(
                        handle -> handle.createQuery("""
                        SELECT attname FROM pg_attribute
                         WHERE attrelid = 'audit_events'::regclass AND attnum > 0 AND NOT attisdropped
                        """).mapTo(String.class).list());

        assertThat(columns).contains("id", "reason", "actor_mac").allSatisfy(column -> assertThatThrownBy(
                        () -> ROSTER.jdbi().useHandle(handle -> handle.execute("""
                                UPDATE audit_events AS event
                                   SET %1$s = (SELECT %1$s FROM audit_events WHERE %1$s <> event.%1$s LIMIT 1)
                                 WHERE %1$s IS NOT NULL
                                """.formatted(column))))
                .hasMessageContaining("The audit trail is append-only"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"user_agent", "reason", "actor"})
    void triggersAllowForgetting(String text) {
        ROSTER.jdbi().useTransaction(handle -> {
            assertThat(handle.execute("UPDATE audit_events SET %1$s = NULL, %1$s_mac = NULL".formatted(text)))
                    .isPositive();
            assertThatThrownBy(
                            () -> handle.execute("UPDATE audit_events SET %1$s = 'x', %1$s_mac = mac".formatted(text)))
                    .hasMessageContaining("The audit trail is append-only");
            handle.rollback();
        });
    }

    @Test
    void triggersRefuseChangesToAPartition() {
        String month = ROSTER.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT tableoid::regclass::text FROM audit_events LIMIT 1")
                        .mapTo(String.class)
                        .one());
        for (String statement : List.of("TRUNCATE " + month, "DELETE FROM " + month)) {
            assertThatThrownBy(() -> ROSTER.jdbi().useHandle(handle -> handle.execute(statement)))
                    .hasMessageContaining("The audit trail is append-only");
        }
    }

    /** Runs the jar, as an operator does. */
    @Test
    void commandExitsWithOneIfThereAreFindings() {
        UUID id = lastOf("details_changed");
        Map<String, String> environment = ROSTER.database().variables(Map.of());
        try (RosterProcess verify = RosterProcess.start(environment, "audit-verify", "config.yml")) {
            assertThat(verify.exitCode()).as(verify.toString()).isZero();
            assertThat(verify.output())
                    .matches("No finding in \\d+ events and \\d+ seals; 0 not sealed yet; head \\d+:[0-9a-f]{32}\\R");
        }

        trail.tamper("UPDATE audit_events SET details = 'role' WHERE id = ?", id);

        try (RosterProcess verify = RosterProcess.start(environment, "audit-verify", "config.yml")) {
            assertThat(verify.exitCode()).as(verify.toString()).isOne();
            assertThat(verify.errors()).isEmpty();
            assertThat(verify.output().lines())
                    .hasSize(2)
                    .anyMatch(line -> line.matches("event " + id + " of .* was edited"))
                    .anyMatch(line -> line.startsWith("1 finding in "));
        }
    }

    @Test
    void commandComparesWithANotedHead() {
        Head head = trail.verify().head();
        String cutOff = head.number() + 3 + ":" + head.code();

        assertThat(run("--head", head.toString()).failed()).isFalse();
        try (RosterProcess verify = RosterProcess.start(
                ROSTER.database().variables(Map.of()), "audit-verify", "config.yml", "--head", cutOff)) {
            assertThat(verify.exitCode()).as(verify.toString()).isOne();
            assertThat(verify.output())
                    .startsWith("seals " + (head.number() + 1) + " to " + (head.number() + 3) + " are missing\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"--head, 12", "--head, 1:xyz", "--head, -1:00000000000000000000000000000000"})
    void commandRefusesAMalformedHead(String option, String head) {
        Outcome outcome = run(option + "=" + head);

        assertThat(outcome.failed()).isTrue();
        assertThat(outcome.errors().strip()).isEqualTo("audit-verify: --head is none that audit-verify printed");
    }

    private static Outcome run(String... arguments) {
        return CommandLine.run(
                ROSTER.database().variables(Map.of()),
                Stream.concat(Stream.of("audit-verify", "config.yml"), Stream.of(arguments))
                        .toArray(String[]::new));
    }

    private UUID forge() {
        UUID id = UUID.randomUUID();
        trail.tamper("""
                INSERT INTO audit_events (id, occurred_at, type, actor_id, target_id, request_id, mac)
                SELECT ?, now(), 'logged_in', ?, ?, 'forged', mac FROM audit_events LIMIT 1
                """, id, user.id(), user.id());
        return id;
    }

    private static AuditEvent byOperator(
            AuditEvent.Type type,
            @Nullable UUID userId,
            @Nullable String targetKeyId,
            @Nullable String actor,
            @Nullable String reason) {
        return AuditEvent.against(userId, type, new RequestSource("x", "127.0.0.1", null))
                .of(new AuditEvent.Operation(KEY, targetKeyId, actor, reason));
    }

    private UUID lastOf(String type) {
        return ROSTER.jdbi().withHandle(handle -> handle.createQuery(
                        "SELECT id FROM audit_events WHERE type = ? ORDER BY occurred_at DESC LIMIT 1")
                .bind(0, type)
                .mapTo(UUID.class)
                .one());
    }
}
