package dev.roster.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.http.Api;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
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
        assertThat(months()).containsExactly(thisMonth(), thisMonth().plusMonths(1));

        roster.api().newUser();

        assertThat(trail().count("SELECT count(*) FROM audit_events_default")).isZero();
        assertThat(trail().count("SELECT count(*) FROM " + partition(thisMonth())))
                .isEqualTo(2);
    }

    @Test
    void dropsMonthsPastTheRetentionWithTheirSeals() {
        YearMonth first = thisMonth();
        for (int month = 0; month < 4; month++) {
            if (month > 0) {
                advanceAMonth();
            }
            roster.api().newUser();
            trail().awaitSealed();
            YearMonth now = thisMonth();
            YearMonth oldest = now.minusMonths(2).isBefore(first) ? first : now.minusMonths(2);
            Poll.until(
                    "months are created and dropped", PATIENCE, () -> months().equals(from(oldest, now.plusMonths(1))));

            assertThat(trail().count("SELECT count(*) FROM audit_events")).isEqualTo(2L * Math.min(3, month + 1));
            trail().verify(TestTokens.SECRET_KEY, 2, null).expectNone();
        }
        assertThat(trail().count("SELECT min(number) FROM audit_seals")).isGreaterThan(1);

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
        roster.clock().advance(Duration.ofDays(70));
        Api.TestUser user = roster.api().newUser();
        trail().awaitSealed();

        Poll.until("the month is created", PATIENCE, () -> months().contains(thisMonth()));

        assertThat(trail().count("SELECT count(*) FROM audit_events_default")).isZero();
        assertThat(trail().count("SELECT count(*) FROM " + partition(thisMonth()) + " WHERE target_id = '" + user.id()
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

    private void advanceAMonth() {
        Instant now = roster.clock().instant();
        roster.clock()
                .advance(Duration.between(
                        now, thisMonth().plusMonths(1).atDay(2).atStartOfDay().toInstant(ZoneOffset.UTC)));
    }

    private Trail trail() {
        return new Trail(roster);
    }

    private YearMonth thisMonth() {
        return YearMonth.from(roster.clock().instant().atOffset(ZoneOffset.UTC));
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

    private List<YearMonth> months() {
        return roster.jdbi().withHandle(handle -> handle.createQuery("""
                        SELECT replace(right(relname, 7), '_', '-')
                          FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
                         WHERE inhparent = 'audit_events'::regclass AND relname <> 'audit_events_default'
                         ORDER BY 1
                        """)
                .mapTo(String.class)
                .map(YearMonth::parse)
                .list());
    }
}
