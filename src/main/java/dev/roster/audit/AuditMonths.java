package dev.roster.audit;

import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Makes the monthly partitions of the events ahead of their time, and drops those that have been kept long enough.
 * Thread-safe.
 */
public final class AuditMonths {
    private static final DateTimeFormatter PARTITION =
            DateTimeFormatter.ofPattern("'audit_events_'uuuu_MM", Locale.ROOT);

    private final Jdbi jdbi;
    private final AuditConfiguration configuration;
    private final Clock clock;

    public AuditMonths(Jdbi jdbi, AuditConfiguration configuration, Clock clock) {
        this.jdbi = jdbi;
        this.configuration = configuration;
        this.clock = clock;
    }

    /** Makes and drops all that is due. */
    public void maintain() {
        jdbi.useTransaction(this::maintain);
    }

    private void maintain(Handle handle) {
        handle.execute("SELECT pg_advisory_xact_lock(hashtext('roster-audit-months'))");
        // What is done to a partitioned table waits for who reads it, and those who write wait behind: not for long.
        handle.execute("SET LOCAL lock_timeout = '200ms'");
        Set<LocalDate> present = present(handle);
        LocalDate thisMonth =
                LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).withDayOfMonth(1);
        Set<LocalDate> needed = new TreeSet<>(Set.of(thisMonth, thisMonth.plusMonths(1)));
        needed.addAll(misplaced(handle));
        needed.removeAll(present);
        needed.forEach(month -> make(handle, month));
        drop(handle, present, configuration.oldestMonth(clock.instant()));
    }

    private static Set<LocalDate> present(Handle handle) {
        return handle.createQuery("""
                        SELECT to_date(right(relname, 7), 'YYYY_MM')
                          FROM pg_inherits
                          JOIN pg_class ON pg_class.oid = inhrelid
                         WHERE inhparent = 'audit_events'::regclass AND relname ~ '^audit_events_\\d{4}_\\d{2}$'
                        """).mapTo(LocalDate.class).set();
    }

    /** The months whose events came before their partition. */
    private static Set<LocalDate> misplaced(Handle handle) {
        return handle.createQuery("""
                        SELECT DISTINCT date_trunc('month', occurred_at AT TIME ZONE 'UTC')::date
                          FROM audit_events_default
                        """).mapTo(LocalDate.class).set();
    }

    /** Attached when it is complete: that keeps no writer waiting, as making it in its place would. */
    private static void make(Handle handle, LocalDate month) {
        String partition = PARTITION.format(month);
        String from = month + " 00:00:00+00";
        String to = month.plusMonths(1) + " 00:00:00+00";
        handle.execute("CREATE TABLE " + partition + " (LIKE audit_events INCLUDING ALL)");
        handle.execute("CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON " + partition
                + " FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()");
        if (misplaced(handle).contains(month)) {
            handle.execute("ALTER TABLE audit_events_default DISABLE TRIGGER USER");
            handle.execute(
                    "WITH moved AS (DELETE FROM audit_events_default"
                            + " WHERE occurred_at >= ?::timestamptz AND occurred_at < ?::timestamptz RETURNING *)"
                            + " INSERT INTO " + partition + " TABLE moved",
                    from,
                    to);
            handle.execute("ALTER TABLE audit_events_default ENABLE TRIGGER USER");
        }
        handle.execute("ALTER TABLE audit_events ATTACH PARTITION " + partition + " FOR VALUES FROM ('" + from
                + "') TO ('" + to + "')");
    }

    /** Seals go from the first on, so that no gap is ever between those that stay. */
    private static void drop(Handle handle, Set<LocalDate> present, LocalDate oldestMonth) {
        for (LocalDate month : present) {
            if (month.isBefore(oldestMonth)) {
                handle.execute("DROP TABLE " + PARTITION.format(month));
            }
        }
        handle.execute("""
                DELETE FROM audit_seals
                 WHERE number < (SELECT min(number) FROM audit_seals WHERE month >= ?)
                """, oldestMonth);
    }
}
