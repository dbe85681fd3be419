package dev.roster.audit;

import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleConsumer;
import org.jdbi.v3.core.Jdbi;

/**
 * Makes the monthly partitions of the events ahead of their time, and drops those that have been kept long enough.
 * Thread-safe.
 */
public final class AuditMonths {
    private static final DateTimeFormatter PARTITION =
            DateTimeFormatter.ofPattern("'audit_events_'uuuu_MM", Locale.ROOT);

    private static final int BATCH = 1000;

    private final Jdbi jdbi;
    private final AuditConfiguration configuration;
    private final Clock clock;

    public AuditMonths(Jdbi jdbi, AuditConfiguration configuration, Clock clock) {
        this.jdbi = jdbi;
        this.configuration = configuration;
        this.clock = clock;
    }

    /** Makes and drops all that is due, unless another node is about it: each month by itself, so that one that fails spoils no other. */
    public void maintain() {
        LocalDate thisMonth =
                LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).withDayOfMonth(1);
        Set<LocalDate> needed = new TreeSet<>(Set.of(thisMonth, thisMonth.plusMonths(1)));
        needed.addAll(jdbi.withHandle(AuditMonths::misplaced));
        for (LocalDate month : needed) {
            ifMine(handle -> {
                if (!present(handle).contains(month)) {
                    make(handle, month);
                }
            });
        }
        LocalDate oldestMonth = configuration.oldestMonth(clock.instant());
        for (LocalDate month : jdbi.withHandle(AuditMonths::present)) {
            if (month.isBefore(oldestMonth)) {
                ifMine(handle -> handle.execute("DROP TABLE IF EXISTS " + PARTITION.format(month)));
            }
        }
        while (dropSeals(oldestMonth) == BATCH) {
            // and the next ones
        }
    }

    private void ifMine(HandleConsumer<RuntimeException> work) {
        jdbi.useTransaction(handle -> {
            // What is done to a partitioned table waits for who reads it, and those who write wait behind: not for
            // long.
            handle.execute("SET LOCAL lock_timeout = '200ms'");
            boolean isMine = handle.createQuery("SELECT pg_try_advisory_xact_lock(hashtext('roster-audit-months'))")
                    .mapTo(Boolean.class)
                    .one();
            if (isMine) {
                work.useHandle(handle);
            }
        });
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

    /** Seals go from the first on, so that no gap is ever between those that stay; and never the newest, which the next is bound to. */
    private int dropSeals(LocalDate oldestMonth) {
        return jdbi.withHandle(handle -> handle.createUpdate("""
                        WITH first AS (
                            SELECT number, month FROM audit_seals ORDER BY number LIMIT :limit)
                        DELETE FROM audit_seals
                         WHERE number IN (SELECT number FROM first)
                           AND number < coalesce((SELECT min(number) FROM first WHERE month >= :oldestMonth),
                                                 (SELECT max(number) FROM audit_seals))
                        """)
                .bind("limit", BATCH)
                .bind("oldestMonth", oldestMonth)
                .execute());
    }
}
