package dev.roster.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** L5: events are stored in monthly partitions, which are created ahead of time and dropped after the retention. */
class AuditMonthsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RosterExtension roster = new RosterExtension()
            .with("AUDIT_RETENTION", "2")
            .with("PURGE_INTERVAL", "1s")
            .set("audit.sealInterval", "20ms");

    @BeforeEach
    void start() throws Exception {
        roster.start();
    }

    @AfterEach
    void stop() {
        roster.stop();
    }

    @Test
    void createsThisMonthAndTheNextBeforeTheFirstEvent() {
        assertThat(trail().months()).containsExactly(thisMonth(), thisMonth().plusMonths(1));

        roster.api().newUser();

        assertThat(trail().count("SELECT count(*) FROM audit_events_default")).isZero();
        assertThat(trail().count("SELECT count(*) FROM " + partition(thisMonth())))
                .isEqualTo(2);
    }

    @Test
    void createsMonthsWithEveryIndexAndTrigger() {
        String month = partition(thisMonth());

        assertThat(trail().count("SELECT count(*) FROM pg_index WHERE indrelid = '" + month + "'::regclass"))
                .isEqualTo(trail().count("SELECT count(*) FROM pg_index WHERE indrelid = 'audit_events'::regclass"))
                .isGreaterThan(6);
        assertThat(trail().count("SELECT count(*) FROM pg_index WHERE NOT indisvalid"))
                .isZero();
        assertThat(trail().count("SELECT count(*) FROM pg_trigger WHERE tgrelid = '" + month + "'::regclass"))
                .isEqualTo(trail().count("SELECT count(*) FROM pg_trigger WHERE tgrelid = 'audit_events'::regclass"));
    }

    @Test
    void dropsMonthsPastTheRetentionWithTheirSeals() throws Exception {
        Trail trail = trail();
        roster.stop();
        for (int i = 5; i > 0; i--) {
            trail.record(
                    thisMonth().minusMonths(i).atDay(2).atStartOfDay().toInstant(ZoneOffset.UTC), UUID.randomUUID());
        }
        trail.verify(TestTokens.SECRET_KEY, 5, null).expectNone();
        roster.start();
        roster.api().newUser();
        trail.awaitSealed();

        Poll.until("months are created and dropped", PATIENCE, () -> trail.months()
                .equals(from(thisMonth().minusMonths(2), thisMonth().plusMonths(1))));

        assertThat(trail.count("SELECT count(*) FROM audit_events")).isEqualTo(2 * 3);
        Poll.until("seals are dropped", PATIENCE, () -> trail.count("SELECT min(number) FROM audit_seals") == 4);
        trail.verify(TestTokens.SECRET_KEY, 2, null).expectNone();

        // With a longer retention, their absence is a finding.
        Trail.Verification longer = trail().verify(TestTokens.SECRET_KEY, 3, null);
        longer.expect("seals? 1 .*(is|are) missing");
        // So is the absence of a month within the retention.
        trail().tamper("DELETE FROM audit_events WHERE id IN (SELECT unnest(event_ids) FROM audit_seals"
                + " WHERE number = (SELECT min(number) FROM audit_seals))");
        trail().tamper("DELETE FROM audit_seals WHERE number = (SELECT min(number) FROM audit_seals)");
        assertThat(trail().verify(TestTokens.SECRET_KEY, 2, null).failed()).isTrue();
    }

    @Test
    void keepsAnEventWithoutAPartitionAndMovesItThereLater() {
        Instant later = Instant.now().plus(Duration.ofDays(70));
        UUID userId = UUID.randomUUID();
        trail().record(later, userId);

        Poll.until("the month is created", PATIENCE, () -> trail().months().contains(month(later)));

        assertThat(trail().count("SELECT count(*) FROM audit_events_default")).isZero();
        assertThat(trail().count("SELECT count(*) FROM " + partition(month(later)) + " WHERE target_id = '" + userId
                        + "'"))
                .isEqualTo(2);
        trail().verify(TestTokens.SECRET_KEY, 2, null).expectNone();
    }

    @Test
    void keepsEventsForeverIfTheRetentionIsZero() {
        AuditConfiguration configuration =
                new AuditConfiguration(new dev.roster.key.SecretKey(""), 0, io.dropwizard.util.Duration.seconds(1));

        assertThat(configuration.oldestMonth(Instant.parse("2999-12-31T23:59:59Z")))
                .isEqualTo("1970-01-01");
    }

    private Trail trail() {
        return new Trail(roster);
    }

    private static YearMonth thisMonth() {
        return month(Instant.now());
    }

    private static YearMonth month(Instant time) {
        return YearMonth.from(time.atOffset(ZoneOffset.UTC));
    }

    private static List<YearMonth> from(YearMonth first, YearMonth last) {
        List<YearMonth> months = new ArrayList<>();
        for (YearMonth month = first; !month.isAfter(last); month = month.plusMonths(1)) {
            months.add(month);
        }
        return months;
    }

    private static String partition(YearMonth month) {
        return "audit_events_" + month.toString().replace('-', '_');
    }
}
