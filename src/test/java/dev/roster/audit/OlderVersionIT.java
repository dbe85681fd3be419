package dev.roster.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.http.RequestSource;
import dev.roster.key.SecretKey;
import dev.roster.support.TestTokens;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.process.CommandLine;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events of the version before operators' columns: those of before the migration, and those of nodes that serve on. */
class OlderVersionIT {
    private static final String KEY = "abcdefghijkl";
    private static final SecretKey SECRET = new SecretKey(TestTokens.SECRET_KEY);

    private final TestDatabase database = TestDatabase.empty();
    private final Trail trail = new Trail(database, Clock.systemUTC());
    private final UUID user = UUID.randomUUID();

    @Test
    void eventsOfTheOlderVersionKeepVerifying() {
        migrate("--count", "18");
        write("logged_in", "Zaphod's phone");
        write("login_refused", null);

        migrate();

        write("logged_in", "Zaphod's laptop");
        write("logged_out", null);
        assertThat(trail.ids()).hasSize(4);
        trail.verify().expectNone();
    }

    /** It forgets the user agents only, so the database forgets the rest. */
    @Test
    void deletionByANodeOfTheOlderVersionForgetsReasonsAndActors() {
        UUID other = UUID.randomUUID();
        migrate();
        write("logged_in", "Zaphod's phone");
        trail.record(disabled(user, "curl"), disabled(user, null), disabled(other, null));

        database.jdbi().useTransaction(handle -> {
            assertThat(handle.execute(
                            "UPDATE audit_events SET user_agent = NULL, user_agent_mac = NULL"
                                    + " WHERE target_id = ? AND user_agent IS NOT NULL",
                            user))
                    .isEqualTo(2);
            write(handle, "deleted", null);
        });

        assertThat(count("target_id = '" + user + "' AND (reason IS NOT NULL OR actor IS NOT NULL)"))
                .isZero();
        assertThat(count("target_id = '" + other + "' AND reason IS NOT NULL AND actor IS NOT NULL"))
                .isOne();
        trail.verify().expectNone();
    }

    /** A statement of a node has less than a second, and a user may have more events than that allows to read. */
    @ParameterizedTest
    @ValueSource(strings = {"NULL, NULL", "'curl', 'x'"})
    void nodesOfTheOlderVersionForgetReasonsAndActorsOfManyEvents(String userAgentAndMac) {
        migrate();
        database.jdbi()
                .useHandle(handle -> handle.execute(
                        "INSERT INTO audit_events (id, occurred_at, type, target_id, request_id, user_agent,"
                                + " user_agent_mac, key_id, reason, reason_mac, actor, actor_mac, mac)"
                                + " SELECT gen_random_uuid(), now(), 'disabled', ?, 'x', " + userAgentAndMac
                                + ", '" + KEY + "', 'Spam', 'x', 'Ford', 'x', 'x' FROM generate_series(1, 12000)",
                        user));

        database.jdbi().useTransaction(handle -> {
            if (forgetUserAgents(handle)) {
                handle.execute("INSERT INTO audit_unforgotten (user_id) VALUES (?)", user);
            }
            long before = rowsTouched(handle);
            write(handle, "deleted", null);
            assertThat(rowsTouched(handle) - before).isLessThan(6000);
        });
        for (int i = 0; i < 6; i++) {
            database.jdbi().useTransaction(this::purge);
        }

        assertThat(count("user_agent IS NOT NULL OR reason IS NOT NULL OR actor IS NOT NULL"))
                .isZero();
        assertThat(trail.count("SELECT count(*) FROM audit_unforgotten")).isZero();
    }

    /** As that version does; returns whether there may be more. */
    private boolean forgetUserAgents(Handle handle) {
        return handle.execute("""
                        UPDATE audit_events
                           SET user_agent = NULL, user_agent_mac = NULL
                         WHERE (occurred_at, id) IN (
                                   SELECT occurred_at, id
                                     FROM audit_events
                                    WHERE target_id = ? AND user_agent IS NOT NULL
                                    LIMIT 5000)
                        """, user) == 5000;
    }

    /** As that version does. */
    private void purge(Handle handle) {
        int left = handle.createQuery("SELECT user_id FROM audit_unforgotten LIMIT 1 FOR UPDATE SKIP LOCKED")
                .mapTo(UUID.class)
                .list()
                .size();
        if (left > 0 && !forgetUserAgents(handle)) {
            handle.execute("DELETE FROM audit_unforgotten WHERE user_id = ?", user);
        }
    }

    private static long rowsTouched(Handle handle) {
        return handle.createQuery("""
                        SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0) + n_tup_upd)
                          FROM pg_stat_xact_user_tables
                         WHERE relname LIKE 'audit_events%'
                        """).mapTo(Long.class).one();
    }

    private static AuditEvent disabled(UUID userId, @Nullable String userAgent) {
        return AuditEvent.against(userId, AuditEvent.Type.DISABLED, new RequestSource("x", "127.0.0.1", userAgent))
                .of(new AuditEvent.Operation(KEY, null, "Ford", "Spam"));
    }

    private void write(String type, @Nullable String userAgent) {
        database.jdbi().useTransaction(handle -> write(handle, type, userAgent));
    }

    /** The statement and the MACs of that version. */
    private void write(Handle handle, String type, @Nullable String userAgent) {
        UUID id = UUID.randomUUID();
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        handle.createUpdate("""
                        WITH event AS (
                            INSERT INTO audit_events (id, occurred_at, type, actor_id, target_id, session_id, details,
                                                      request_id, ip, user_agent, user_agent_mac, mac)
                            VALUES (:id, :now, :type, :user, :user, NULL, 'name', 'x', '127.0.0.1', :userAgent,
                                    :userAgentMac, :mac)
                            RETURNING id, occurred_at, mac)
                        INSERT INTO audit_unsealed (id, occurred_at, mac)
                        SELECT id, occurred_at, mac
                          FROM event
                        """)
                .bind("id", id)
                .bind("now", now)
                .bind("type", type)
                .bind("user", user)
                .bind("userAgent", userAgent)
                .bindByType(
                        "userAgentMac", userAgent == null ? null : mac("audit-user-agent", id, userAgent), byte[].class)
                .bind(
                        "mac",
                        mac(
                                "audit-event",
                                id,
                                now,
                                type,
                                user,
                                user,
                                null,
                                "name",
                                "x",
                                "127.0.0.1",
                                userAgent != null))
                .execute();
    }

    private static byte[] mac(String purpose, @Nullable Object... fields) {
        StringBuilder message = new StringBuilder();
        for (Object field : fields) {
            message.append(field == null ? "-" : field.toString().length() + ":" + field);
        }
        return SECRET.authenticate(purpose, message.toString().getBytes(StandardCharsets.UTF_8));
    }

    private long count(String condition) {
        return trail.count("SELECT count(*) FROM audit_events WHERE " + condition);
    }

    private void migrate(String... options) {
        String[] arguments = Stream.of(Stream.of("db", "migrate"), Stream.of(options), Stream.of("config.yml"))
                .flatMap(Function.identity())
                .toArray(String[]::new);
        assertThat(CommandLine.run(database.variables(Map.of()), arguments).failed())
                .isFalse();
    }
}
