package dev.roster.audit;

import dev.roster.key.SecretKey;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;

/** Reports changes to the audit trail since its events were recorded. Nodes may keep recording meanwhile. */
public final class AuditVerifier {
    private final AuditKey key;
    private final LocalDate oldestMonth;
    private final Consumer<String> out;

    /**
     * @param oldestMonth the first day of the oldest month within the retention; earlier months may be missing
     * @param out receives each line as soon as it is known
     */
    public AuditVerifier(SecretKey secretKey, LocalDate oldestMonth, Consumer<String> out) {
        this.key = new AuditKey(secretKey);
        this.oldestMonth = oldestMonth;
        this.out = out;
    }

    /**
     * Verifies a snapshot of the whole trail: prints a line for each finding, then one for each failover within the
     * retention, which may explain that the end of the trail is lost, then a summary.
     *
     * @param noted the newest seal of an earlier run; null if none was noted
     * @return whether there are no findings
     */
    public boolean verify(Jdbi jdbi, @Nullable Head noted) {
        return jdbi.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, handle -> verify(handle, noted));
    }

    /** Returns true if this key made one of the newest seals and one of the newest events, or if there are none yet. */
    public boolean isKeyRight(Jdbi jdbi) {
        // Look for an empty trail first: the first event may be written between two statements.
        return jdbi.withHandle(handle -> SealsCheck.isKeyRight(handle, key)
                && (EventsCheck.isEmpty(handle) || EventsCheck.isKeyRight(handle, key)));
    }

    private boolean verify(Handle handle, @Nullable Head noted) {
        handle.execute("SET TRANSACTION READ ONLY");
        if (!SealsCheck.isKeyRight(handle, key) && !EventsCheck.isKeyRight(handle, key)) {
            out.accept("This key made none of the newest seals and events:"
                    + " AUDIT_SECRET_KEY (or JWT_SECRET_KEY, if that is not set) has changed");
            return false;
        }
        AtomicLong findings = new AtomicLong();
        Consumer<String> report = finding -> {
            findings.incrementAndGet();
            out.accept(finding);
        };
        SealsCheck seals = new SealsCheck(key, oldestMonth, report);
        seals.check(handle, noted);
        EventsCheck events = new EventsCheck(key, oldestMonth, report);
        events.check(handle);
        failovers(handle).forEach(out);
        out.accept(String.format(
                "%s in %d events and %d seals; %d not sealed yet; head %s",
                counted(findings.get()), events.count(), seals.count(), events.unsealed(), seals.head()));
        return findings.get() == 0;
    }

    private List<String> failovers(Handle handle) {
        return handle.createQuery("""
                        SELECT timeline, first_lsn::text, seen_at
                          FROM epochs
                         WHERE timeline > (SELECT min(timeline) FROM epochs) AND seen_at >= :oldest
                         ORDER BY timeline
                        """)
                .bind("oldest", oldestMonth.atStartOfDay(ZoneOffset.UTC).toOffsetDateTime())
                .map((row, context) -> String.format(
                        "Failover: timeline %d began at %s, seen at %s: what was recorded shortly before may be lost",
                        row.getInt(1),
                        row.getString(2),
                        row.getObject(3, OffsetDateTime.class).toInstant()))
                .list();
    }

    private static String counted(long findings) {
        return findings == 0 ? "No finding" : findings + (findings == 1 ? " finding" : " findings");
    }
}
