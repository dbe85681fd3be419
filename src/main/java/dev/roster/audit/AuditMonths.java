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
 * Creates the monthly partitions of {@code audit_events} ahead of time, and drops those past the retention.
 * Thread-safe.
 *
 * <p>Lock order: the advisory lock, then tables. A partition is created under locks of the default partition, then of
 * {@code audit_events}; it is dropped under locks of {@code audit_events}, then of itself.
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

    /**
     * Creates and drops the partitions that are due, each in a transaction of its own. Skips a partition if another
     * node is at work.
     */
    public void maintain() {
        LocalDate thisMonth =
                LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).withDayOfMonth(1);
        Set<LocalDate> needed = new TreeSet<>(Set.of(thisMonth, thisMonth.plusMonths(1)));
        needed.addAll(jdbi.withHandle(AuditMonths::inDefaultPartition));
        for (LocalDate month : needed) {
            ifLockIsFree(handle -> {
                if (!existing(handle).contains(month)) {
                    create(handle, month);
                }
            });
        }
        LocalDate oldestMonth = configuration.oldestMonth(clock.instant());
        for (LocalDate month : jdbi.withHandle(AuditMonths::existing)) {
            if (month.isBefore(oldestMonth)) {
                ifLockIsFree(handle -> handle.execute("DROP TABLE IF EXISTS " + PARTITION.format(month)));
            }
        }
        int dropped;
        do {
            dropped = dropSeals(oldestMonth);
        } while (dropped == BATCH);
    }

    private void ifLockIsFree(HandleConsumer<RuntimeException> work) {
        jdbi.useTransaction(handle -> {
            // The statement waits for readers of the table, and writers queue behind it. So give up soon; the next run
            // tries again.
            handle.execute("SET LOCAL lock_timeout = '200ms'");
            boolean hasLock = handle.createQuery("SELECT pg_try_advisory_xact_lock(hashtext('roster-audit-months'))")
                    .mapTo(Boolean.class)
                    .one();
            if (hasLock) {
                work.useHandle(handle);
            }
        });
    }

    private static Set<LocalDate> existing(Handle handle) {
        return handle.createQuery("""
                        SELECT to_date(right(relname, 7), 'YYYY_MM')
                          FROM pg_inherits
                          JOIN pg_class ON pg_class.oid = inhrelid
                         WHERE inhparent = 'audit_events'::regclass AND relname ~ '^audit_events_\\d{4}_\\d{2}$'
                        """).mapTo(LocalDate.class).set();
    }

    /** The months of events in the default partition. These events were recorded before their partition existed. */
    private static Set<LocalDate> inDefaultPartition(Handle handle) {
        return handle.createQuery("""
                        SELECT DISTINCT date_trunc('month', occurred_at AT TIME ZONE 'UTC')::date
                          FROM audit_events_default
                        """).mapTo(LocalDate.class).set();
    }

    /** Attaches the partition once it is complete. Creating it in place would block writers. */
    private static void create(Handle handle, LocalDate month) {
        String partition = PARTITION.format(month);
        String from = month + " 00:00:00+00";
        String to = month.plusMonths(1) + " 00:00:00+00";
        handle.execute("CREATE TABLE " + partition + " (LIKE audit_events INCLUDING ALL)");
        handle.execute("CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON " + partition
                + " FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()");
        if (inDefaultPartition(handle).contains(month)) {
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

    /**
     * Drops seals from the oldest on, so that no gap arises. Keeps the newest, because the next seal contains its MAC.
     * If two nodes drop the same seals, one waits for the other and then finds none.
     *
     * @return how many were dropped
     */
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
