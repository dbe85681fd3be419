package dev.roster.audit;

import dev.roster.key.SecretKey;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Seals new events in batches. One node seals at a time, and no request waits for it. Thread-safe.
 *
 * <p>Lock order: the advisory lock, then rows of {@code audit_unsealed}, which only the lock's holder deletes.
 */
public final class Sealer {
    private static final int BATCH = 5000;

    private final Jdbi jdbi;
    private final AuditKey key;
    private final Clock clock;

    public Sealer(Jdbi jdbi, SecretKey key, Clock clock) {
        this.jdbi = jdbi;
        this.key = new AuditKey(key);
        this.clock = clock;
    }

    /**
     * Seals all new events, unless another node is sealing them.
     *
     * @throws IllegalStateException if another node holds the lock and there are events older than a minute
     */
    public void seal() {
        int sealed;
        do {
            sealed = jdbi.inTransaction(this::sealBatch);
        } while (sealed == BATCH);
    }

    private int sealBatch(Handle handle) {
        if (!tryLock(handle)) {
            requireProgress(handle);
            return 0;
        }
        List<Unsealed> events = takeUnsealed(handle);
        Map<LocalDate, List<Unsealed>> byMonth =
                events.stream().collect(Collectors.groupingBy(Unsealed::month, TreeMap::new, Collectors.toList()));
        NewestSeal newest = newestSeal(handle);
        for (Map.Entry<LocalDate, List<Unsealed>> month : byMonth.entrySet()) {
            newest = insert(handle, newest, month.getKey(), month.getValue());
        }
        return events.size();
    }

    /** Takes the lock until the transaction ends, if there are events to seal and no other node holds it. */
    private static boolean tryLock(Handle handle) {
        return handle.createQuery("""
                        SELECT pg_try_advisory_xact_lock(hashtext('roster-audit-seal'))
                         WHERE EXISTS (SELECT FROM audit_unsealed)
                        """).mapTo(Boolean.class).findOne().orElse(false);
    }

    /** Fails if the lock's holder makes no progress. The holder may be any client of the database. */
    private static void requireProgress(Handle handle) {
        boolean isLate = handle.createQuery("""
                        SELECT EXISTS (SELECT FROM audit_unsealed WHERE occurred_at < now() - interval '1 minute')
                        """).mapTo(Boolean.class).one();
        if (isLate) {
            throw new IllegalStateException("Events have not been sealed for more than a minute");
        }
    }

    private static List<Unsealed> takeUnsealed(Handle handle) {
        return handle
                .createQuery("""
                        DELETE FROM audit_unsealed
                         WHERE ctid = ANY (ARRAY(SELECT ctid FROM audit_unsealed LIMIT :limit))
                        RETURNING id, occurred_at, mac
                        """)
                .bind("limit", BATCH)
                .map((row, context) -> new Unsealed(
                        row.getObject("id", UUID.class),
                        row.getObject("occurred_at", OffsetDateTime.class).toInstant(),
                        Mac.read(row, "mac")))
                .stream()
                .sorted(Comparator.comparing(Unsealed::occurredAt).thenComparing(Unsealed::id))
                .toList();
    }

    private static NewestSeal newestSeal(Handle handle) {
        return handle.createQuery("""
                        SELECT number, greatest(month, latest_month) AS latest_month, mac
                          FROM audit_seals
                         ORDER BY number DESC
                         LIMIT 1
                        """)
                .map((row, context) -> new NewestSeal(
                        row.getLong("number"), row.getObject("latest_month", LocalDate.class), Mac.read(row, "mac")))
                .findOne()
                .orElse(new NewestSeal(0, null, null));
    }

    private NewestSeal insert(Handle handle, NewestSeal newest, LocalDate month, List<Unsealed> events) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Seal seal = new Seal(
                newest.number() + 1,
                month,
                events.stream().map(Unsealed::id).toList(),
                events.stream().map(Unsealed::mac).toList(),
                newest.latestMonth(),
                newest.mac(),
                now);
        Mac mac = key.mac(seal);
        handle.createUpdate("""
                        INSERT INTO audit_seals
                            (number, month, event_ids, event_macs, latest_month, previous_mac, sealed_at, mac)
                        VALUES (:number, :month, :eventIds,
                                ARRAY(SELECT decode(digits, 'hex')
                                        FROM unnest(:eventMacs) WITH ORDINALITY AS code (digits, place)
                                       ORDER BY place),
                                :latestMonth::date, :previousMac::bytea, :sealedAt, :mac)
                        """)
                .bind("number", seal.number())
                .bind("month", seal.month())
                .bindArray("eventIds", UUID.class, seal.eventIds())
                .bindArray(
                        "eventMacs",
                        String.class,
                        seal.eventMacs().stream().map(Mac::hex).toList())
                .bind("latestMonth", seal.latestMonth())
                .bind("previousMac", Mac.bytes(seal.previousMac()))
                .bind("sealedAt", seal.sealedAt())
                .bind("mac", Mac.bytes(mac))
                .execute();
        LocalDate latest = newest.latestMonth();
        return new NewestSeal(seal.number(), latest == null || latest.isBefore(month) ? month : latest, mac);
    }

    private record Unsealed(UUID id, Instant occurredAt, Mac mac) {
        LocalDate month() {
            return LocalDate.ofInstant(occurredAt, ZoneOffset.UTC).withDayOfMonth(1);
        }
    }

    /** The parts of the newest seal that the next one contains. */
    private record NewestSeal(
            long number,
            @Nullable LocalDate latestMonth,
            @Nullable Mac mac) {}
}
