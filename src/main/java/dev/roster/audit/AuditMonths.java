package dev.roster.audit;

import dev.roster.host.DatabaseClock;
import dev.roster.host.Job.WithheldException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the monthly partitions of {@code audit_events} ahead of time, and drops those past the retention.
 * Thread-safe.
 *
 * <p>Lock order: the advisory lock, then tables. A partition is created under locks of the default partition, then of
 * {@code audit_events}; it is dropped under locks of {@code audit_events}, then of itself.
 */
public final class AuditMonths {
    private static final Logger LOGGER = LoggerFactory.getLogger(AuditMonths.class);
    private static final DateTimeFormatter PARTITION =
            DateTimeFormatter.ofPattern("'audit_events_'uuuu_MM", Locale.ROOT);

    private static final int BATCH = 1000;
    private static final Duration MAX_DIFFERENCE = Duration.ofMinutes(1);

    /** How old the newest seal may be when a month is dropped only because of the time since: nights are quiet. */
    private static final Duration MAX_QUIET = Duration.ofDays(1);

    private final Jdbi jdbi;
    private final AuditConfiguration configuration;
    private final DatabaseClock clock;

    public AuditMonths(Jdbi jdbi, AuditConfiguration configuration, DatabaseClock clock) {
        this.jdbi = jdbi;
        this.configuration = configuration;
        this.clock = clock;
    }

    /**
     * Creates and drops the partitions that are due by the database's clock, each in a transaction of its own. Skips a
     * partition if another node is at work.
     *
     * @throws WithheldException if clocks disagree; then it drops nothing
     */
    public void maintain() {
        Times times = jdbi.withHandle(AuditMonths::times);
        LocalDate thisMonth = LocalDate.ofInstant(times.now(), ZoneOffset.UTC).withDayOfMonth(1);
        Set<LocalDate> needed = new TreeSet<>(Set.of(thisMonth, thisMonth.plusMonths(1)));
        needed.addAll(jdbi.withHandle(AuditMonths::inDefaultPartition));
        for (LocalDate month : needed) {
            ifLockIsFree(handle -> {
                if (!existing(handle).contains(month)) {
                    create(handle, month);
                }
                return false;
            });
        }
        if (configuration.retention() > 0) {
            dropBefore(oldestMonth(times));
        }
    }

    /** The database's time, and the time of the newest seal; null if there is none. */
    private static Times times(Handle handle) {
        return handle.createQuery("""
                        SELECT clock_timestamp() AS now,
                               (SELECT sealed_at FROM audit_seals ORDER BY number DESC LIMIT 1) AS sealed_at
                        """)
                .map((row, context) -> {
                    OffsetDateTime sealedAt = row.getObject("sealed_at", OffsetDateTime.class);
                    return new Times(
                            row.getObject("now", OffsetDateTime.class).toInstant(),
                            sealedAt == null ? null : sealedAt.toInstant());
                })
                .one();
    }

    /**
     * The oldest month within the retention. A dropped month cannot be restored, so the database's clock, this node's
     * clock and the newest seal must agree. After a quiet time the newest seal is old. Then no month is dropped that
     * became due since.
     */
    private LocalDate oldestMonth(Times times) {
        if (clock.skew().abs().compareTo(MAX_DIFFERENCE) > 0) {
            throw new WithheldException(
                    "no month is dropped: this node's clock is " + clock.skewText() + " the database's");
        }
        Instant sealedAt = times.sealedAt();
        LocalDate oldestMonth = configuration.oldestMonth(times.now());
        if (sealedAt == null) {
            return oldestMonth;
        }
        if (sealedAt.isAfter(times.now().plus(MAX_DIFFERENCE))) {
            throw new WithheldException("no month is dropped: by the database's clock it is " + times.now()
                    + ", but the newest seal is of " + sealedAt);
        }
        LocalDate oldestBySeal = configuration.oldestMonth(sealedAt.plus(MAX_QUIET));
        boolean isDueBySeal = jdbi.withHandle(AuditMonths::existing).stream()
                .filter(month -> month.isBefore(oldestMonth))
                .allMatch(month -> month.isBefore(oldestBySeal));
        if (!isDueBySeal) {
            throw new WithheldException("no month is dropped before the next event: by the database's clock it is "
                    + times.now() + ", but the newest seal is of " + sealedAt);
        }
        return oldestBySeal.isBefore(oldestMonth) ? oldestBySeal : oldestMonth;
    }

    private void dropBefore(LocalDate oldestMonth) {
        for (LocalDate month : new TreeSet<>(jdbi.withHandle(AuditMonths::existing))) {
            if (month.isBefore(oldestMonth)) {
                AtomicLong events = new AtomicLong();
                boolean dropped = ifLockIsFree(handle -> {
                    boolean exists = existing(handle).contains(month); // else another node was faster
                    if (exists) {
                        events.set(countEvents(handle, month));
                        handle.execute("DROP TABLE " + PARTITION.format(month));
                    }
                    return exists;
                });
                if (dropped) {
                    LOGGER.info("Dropped the audit events of {}: {} events", YearMonth.from(month), events.get());
                }
            }
        }
        int dropped;
        do {
            dropped = dropSeals(oldestMonth);
            if (dropped > 0) {
                LOGGER.info("Dropped {} audit seals of months before {}", dropped, YearMonth.from(oldestMonth));
            }
        } while (dropped == BATCH);
    }

    /** Above a million, PostgreSQL's estimate: counting could take longer than a statement may. */
    private static long countEvents(Handle handle, LocalDate month) {
        return handle.createQuery("""
                        SELECT CASE WHEN reltuples < 1e6 THEN (SELECT count(*) FROM <partition>)
                                    ELSE reltuples::bigint
                               END
                          FROM pg_class
                         WHERE oid = to_regclass(:partition)
                        """)
                .define("partition", PARTITION.format(month))
                .bind("partition", PARTITION.format(month))
                .mapTo(Long.class)
                .one();
    }

    /** Returns the result of the work; false if another node has the lock. */
    private boolean ifLockIsFree(HandleCallback<Boolean, RuntimeException> work) {
        return jdbi.inTransaction(handle -> {
            // The statement waits for readers of the table, and writers queue behind it. So give up soon; the next run
            // tries again.
            handle.execute("SET LOCAL lock_timeout = '200ms'");
            boolean hasLock = handle.createQuery("SELECT pg_try_advisory_xact_lock(hashtext('roster-audit-months'))")
                    .mapTo(Boolean.class)
                    .one();
            return hasLock && work.withHandle(handle);
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
        handle.execute(
                "COMMENT ON TABLE " + partition + " IS 'The audit events of " + YearMonth.from(month) + " (UTC).'");
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

    /** @param sealedAt null if there is no seal */
    private record Times(Instant now, @Nullable Instant sealedAt) {}
}
