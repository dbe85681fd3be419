package dev.roster.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestClock;
import dev.roster.support.TestTokens;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.process.CommandLine;
import dev.roster.support.process.CommandLine.Outcome;
import dev.roster.support.process.ConsoleLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** N6: no wrong clock drops a month of the trail, or writes into a wrong one. */
class WrongClockIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestDatabase database = TestDatabase.migrated();
    private final Trail trail = new Trail(database, Clock.systemUTC());
    private final RosterExtension roster =
            new RosterExtension().on(database).with("PURGE_INTERVAL", "1s").set("audit.sealInterval", "20ms");

    @AfterEach
    void stop() {
        roster.stop();
    }

    @ParameterizedTest
    @ValueSource(strings = {"P400D", "P-400D", "PT2M", "PT-2M"})
    void nodeWithAWrongClockDropsNoMonth(Duration skew) throws Exception {
        recordMonths(6);
        trail.record(Instant.now(), UUID.randomUUID());
        roster.with("AUDIT_RETENTION", "2");
        roster.clock().advance(skew);
        String reason = "no month is dropped: this node's clock is \\d+\\.\\d{3} s "
                + (skew.isNegative() ? "behind" : "ahead of") + " the database's";

        try (ConsoleLog log = new ConsoleLog()) {
            roster.start();
            assertThat(log.linesUntil(1, line -> line.contains("audit-months")))
                    .anyMatch(line -> line.matches(".*The job audit-months failed: " + reason + ".*"));
        }

        assertThat(message()).matches("the last run failed: " + reason);
        assertThat(roster.count("roster_job_failures_total", "name", "audit-months"))
                .isPositive();
        assertThat(trail.count("SELECT count(*) FROM audit_events")).isEqualTo(2 * 7);
        trail.verify().expectNone();

        roster.clock().reset();
        Poll.until("the due months are dropped", PATIENCE, () -> trail.months()
                .get(0)
                .equals(thisMonth().minusMonths(2)));
        Poll.until("all is well", PATIENCE, () -> message().isEmpty());
        assertThat(trail.count("SELECT count(*) FROM audit_events")).isEqualTo(2 * 3);
        trail.verify(TestTokens.SECRET_KEY, 2, null).expectNone();
    }

    /** Six months of events, and the default retention of twelve. */
    @ParameterizedTest
    @ValueSource(strings = {"P400D", "P-400D"})
    void nodeWithAWrongClockKeepsTheTrailForTheNextNode(Duration skew) throws Exception {
        recordMonths(6);
        roster.clock().advance(skew);
        roster.start();
        TestUser user = roster.api().newUser();
        trail.awaitSealed();
        roster.stop();

        roster.clock().reset();
        roster.start();

        assertThat(message()).isEmpty();
        assertThat(trail.count("SELECT count(*) FROM audit_events")).isEqualTo(2 * 7);
        assertThat(trail.count("SELECT count(*) FROM audit_events WHERE target_id = '" + user.id() + "'"))
                .isEqualTo(2);
        assertThat(trail.months())
                .containsExactlyElementsOf(monthsFrom(thisMonth().minusMonths(6), 8));
        trail.verify().expectNone();
    }

    /** A9: the month, the id and the seal of an event have the database's time. */
    @ParameterizedTest
    @ValueSource(strings = {"P-400D", "P400D", "PT-30M"})
    void eventsOfANodeWithAWrongClockHaveTheDatabasesTime(Duration skew) throws Exception {
        roster.clock().advance(skew);
        roster.start();

        roster.api().newUser();
        roster.clock().advance(skew.multipliedBy(-2)); // at once, before the next heartbeat
        roster.api().newUser();
        trail.awaitSealed();

        assertThat(trail.months()).containsExactly(thisMonth(), thisMonth().plusMonths(1));
        assertThat(trail.count("SELECT count(*) FROM audit_events_default")).isZero();
        assertThat(trail.count(
                        "SELECT count(*) FROM audit_events WHERE abs(extract(epoch FROM now() - occurred_at)) < 60"))
                .isEqualTo(4);
        assertThat(trail.count(
                        "SELECT count(*) FROM audit_seals WHERE abs(extract(epoch FROM now() - sealed_at)) >= 60"))
                .isZero();
        assertThat(trail.ids())
                .extracting(id -> id.getMostSignificantBits() >>> 16)
                .allMatch(millis -> Math.abs(millis - System.currentTimeMillis()) < 60_000);
        trail.verify().expectNone();
    }

    @Test
    void nothingIsDroppedWhileTheNewestSealIsOfTheFuture() throws Exception {
        recordMonths(4);
        trail.record(Instant.now().plus(Duration.ofMinutes(5)), UUID.randomUUID());
        roster.with("AUDIT_RETENTION", "2").start();

        assertThat(message())
                .matches("the last run failed: no month is dropped: by the database's clock it is \\S+,"
                        + " but the newest seal is of \\S+");
        assertThat(trail.count("SELECT count(*) FROM audit_events")).isEqualTo(2 * 5);

        roster.api().newUser(); // its seal is of now
        Poll.until("the due months are dropped", PATIENCE, () -> trail.months()
                .get(0)
                .equals(thisMonth().minusMonths(2)));
        Poll.until("all is well", PATIENCE, () -> message().isEmpty());
    }

    /** As after the database's clock was set 400 days ahead. */
    @Test
    void monthsThatAreNotDueByTheNewestSealAreKept() throws Exception {
        YearMonth newest =
                YearMonth.from(Instant.now().minus(Duration.ofDays(400)).atOffset(ZoneOffset.UTC));
        for (int i = 3; i >= 0; i--) {
            trail.record(newest.minusMonths(i).atDay(2).atStartOfDay().toInstant(ZoneOffset.UTC), UUID.randomUUID());
        }
        roster.with("AUDIT_RETENTION", "2").start();

        assertThat(message())
                .matches("the last run failed: no month is dropped before the next event: by the database's clock it is"
                        + " \\S+, but the newest seal is of \\S+");
        assertThat(trail.count("SELECT count(*) FROM audit_events")).isEqualTo(2 * 4);
        assertThat(trail.count("SELECT count(*) FROM audit_seals")).isEqualTo(4);
    }

    @Test
    void eachDroppedMonthIsLoggedWithItsNumberOfEvents() throws Exception {
        recordMonths(4);
        trail.record(Instant.now(), UUID.randomUUID());
        try (ConsoleLog log = new ConsoleLog()) {
            roster.with("AUDIT_RETENTION", "2").with("LOG_LEVEL", "INFO").start();
            assertThat(log.linesUntil(1, line -> line.contains("audit seals")))
                    .anyMatch(line -> line.endsWith(
                            "Dropped the audit events of " + thisMonth().minusMonths(4) + ": 2 events"))
                    .anyMatch(line -> line.endsWith(
                            "Dropped the audit events of " + thisMonth().minusMonths(3) + ": 2 events"))
                    .anyMatch(line -> line.endsWith("Dropped 2 audit seals of months before "
                            + thisMonth().minusMonths(2)));
        }
        assertThat(trail.months())
                .containsExactlyElementsOf(monthsFrom(thisMonth().minusMonths(2), 4));
    }

    /** By the machine's clock, the month would be past the retention, and could be missing. */
    @Test
    void verifierOnAMachineWithAWrongClockFindsWhatIsMissing() throws Exception {
        recordMonths(1);
        roster.start();
        trail.tamper("DELETE FROM audit_events WHERE type = 'logged_in'");
        TestClock clock = new TestClock();
        clock.advance(Duration.ofDays(800));

        Outcome outcome = CommandLine.run(database.variables(Map.of()), clock, "audit-verify", "config.yml");

        assertThat(outcome.failed()).isTrue();
        assertThat(outcome.output()).contains(" is missing: seal 1 lists it").contains("1 finding in 1 events");
    }

    /** Records two events in each of the months before this one, and a seal for each. */
    private void recordMonths(int count) {
        for (int i = count; i > 0; i--) {
            trail.record(
                    thisMonth().minusMonths(i).atDay(2).atStartOfDay().toInstant(ZoneOffset.UTC), UUID.randomUUID());
        }
    }

    private String message() {
        return new Api(roster.admin())
                .raw("GET", "/healthcheck")
                .body()
                .path("audit-months")
                .path("message")
                .asText();
    }

    private static List<YearMonth> monthsFrom(YearMonth first, int count) {
        return Stream.iterate(first, month -> month.plusMonths(1)).limit(count).toList();
    }

    private static YearMonth thisMonth() {
        return YearMonth.now(ZoneOffset.UTC);
    }
}
