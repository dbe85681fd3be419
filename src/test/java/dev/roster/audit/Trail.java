package dev.roster.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.http.RequestSource;
import dev.roster.id.Ids;
import dev.roster.key.SecretKey;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.database.TestDatabase;
import io.dropwizard.util.Duration;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jspecify.annotations.Nullable;

/** Reads, changes and verifies the audit trail of a database, past the service. */
final class Trail {
    private static final java.time.Duration PATIENCE = java.time.Duration.ofSeconds(30);

    private final TestDatabase database;
    private final Clock clock;

    Trail(RosterExtension roster) {
        this(roster.database(), roster.clock());
    }

    Trail(TestDatabase database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** The events of a request. */
    List<Event> of(String requestId) {
        return database.jdbi().withHandle(handle -> handle.createQuery("""
                        SELECT type, actor_id, target_id, session_id, details, host(ip) AS ip, user_agent
                          FROM audit_events
                         WHERE request_id = ?
                        """)
                .bind(0, requestId)
                .map(ConstructorMapper.of(Event.class))
                .list());
    }

    /** The ids of all events, in order. */
    List<UUID> ids() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT id FROM audit_events ORDER BY occurred_at, id")
                        .mapTo(UUID.class)
                        .list());
    }

    long count(String sql) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(sql).mapTo(Long.class).one());
    }

    void awaitSealed() {
        Poll.until("all events are sealed", PATIENCE, () -> count("SELECT count(*) FROM audit_unsealed") == 0);
    }

    /** The months that have a partition, in order. */
    List<YearMonth> months() {
        return database.jdbi().withHandle(handle -> handle.createQuery("""
                        SELECT replace(right(relname, 7), '_', '-')
                          FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
                         WHERE inhparent = 'audit_events'::regclass AND relname <> 'audit_events_default'
                         ORDER BY 1
                        """)
                .mapTo(String.class)
                .map(YearMonth::parse)
                .list());
    }

    /** Records two events about a user and seals them, as a node would have done at this time. */
    void record(Instant at, UUID userId) {
        Clock then = Clock.fixed(at, ZoneOffset.UTC);
        RequestSource source = new RequestSource(UUID.randomUUID().toString(), null, null);
        write(
                then,
                List.of(
                        AuditEvent.by(userId, AuditEvent.Type.REGISTERED, source),
                        AuditEvent.by(userId, AuditEvent.Type.LOGGED_IN, source)));
        new Sealer(database.jdbi(), new SecretKey(TestTokens.SECRET_KEY), then).seal();
    }

    /** Records events now, as a node does, and returns their ids in this order. */
    List<UUID> record(AuditEvent... events) {
        Set<UUID> before = new HashSet<>(ids());
        write(clock, List.of(events));
        return ids().stream().filter(id -> !before.contains(id)).toList();
    }

    private void write(Clock at, List<AuditEvent> events) {
        AuditEvents trail = new AuditEvents(
                new SecretKey(TestTokens.SECRET_KEY), new Ids(at, new SecureRandom()), at, new PrometheusRegistry());
        database.jdbi().useTransaction(handle -> trail.write(handle, events));
    }

    /** Changes rows without the triggers, as a superuser of the database can. */
    void tamper(String sql, Object... arguments) {
        try (Handle handle = database.jdbi().open()) {
            handle.execute("SET session_replication_role = replica");
            assertThat(handle.execute(sql, arguments)).as(sql).isPositive();
        }
    }

    /** Verifies the trail in this process, with the default retention. */
    Verification verify() {
        return verify(null);
    }

    /** Verifies the trail with a head that was noted earlier. */
    Verification verify(@Nullable Head noted) {
        return verify(TestTokens.SECRET_KEY, 12, noted);
    }

    Verification verify(String key, int retention, @Nullable Head noted) {
        List<String> lines = new ArrayList<>();
        LocalDate oldestMonth =
                new AuditConfiguration(new SecretKey(""), retention, Duration.seconds(1)).oldestMonth(clock.instant());
        boolean failed = !new AuditVerifier(new SecretKey(key), oldestMonth, lines::add).verify(database.jdbi(), noted);
        return new Verification(failed, lines.subList(0, lines.size() - 1), lines.get(lines.size() - 1));
    }

    /** An event as recorded. */
    public record Event(
            String type,
            @Nullable UUID actorId,
            @Nullable UUID targetId,
            @Nullable UUID sessionId,
            @Nullable String details,
            @Nullable String ip,
            @Nullable String userAgent) {}

    /** The output of the verifier, and whether it failed. */
    record Verification(boolean failed, List<String> findings, String summary) {
        Head head() {
            return Head.parse(summary.substring(summary.lastIndexOf(' ') + 1)).orElseThrow();
        }

        void expectNone() {
            assertThat(findings).isEmpty();
            assertThat(failed).as(summary).isFalse();
            assertThat(summary).startsWith("No finding in ");
        }

        /** Asserts the findings: one line for each pattern, in this order. */
        void expect(String... patterns) {
            assertThat(failed).isTrue();
            assertThat(findings).as(summary).hasSize(patterns.length);
            for (int i = 0; i < patterns.length; i++) {
                assertThat(findings.get(i)).matches(patterns[i]);
            }
            assertThat(summary).startsWith(patterns.length + " finding");
        }
    }
}
