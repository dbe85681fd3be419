package dev.roster.audit;

import dev.roster.key.SecretKey;
import java.time.LocalDate;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;

/** Says what was done to the audit trail since it was written, also while it is being written. For one use. */
public final class AuditVerifier {
    private final Findings findings;
    private final SealsCheck seals;
    private final EventsCheck events;
    private final Consumer<String> out;

    /**
     * @param oldestMonth the first day of the oldest month that retention keeps: older ones may be missing
     * @param out takes each line as it is found
     */
    public AuditVerifier(SecretKey secretKey, LocalDate oldestMonth, Consumer<String> out) {
        AuditKey key = new AuditKey(secretKey);
        this.findings = new Findings(out);
        this.seals = new SealsCheck(key, oldestMonth, findings);
        this.events = new EventsCheck(key, oldestMonth, findings);
        this.out = out;
    }

    /**
     * Verifies all of it as it is at one moment.
     *
     * @param noted the newest seal of some time ago; null where nobody has noted any
     * @return whether it is as it was written
     */
    public boolean verify(Jdbi jdbi, @Nullable Head noted) {
        return jdbi.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, handle -> verify(handle, noted));
    }

    /** Whether this key has made one of the newest seals, and one of the newest events; also where there is none yet. */
    public boolean isKeyRight(Jdbi jdbi) {
        return jdbi.withHandle(
                handle -> seals.isKeyRight(handle) && (events.isKeyRight(handle) || events.isEmpty(handle)));
    }

    private boolean verify(Handle handle, @Nullable Head noted) {
        handle.execute("SET TRANSACTION READ ONLY");
        if (!seals.isKeyRight(handle) && !events.isKeyRight(handle)) {
            out.accept("None of the newest seals and events was made with this key: AUDIT_SECRET_KEY, or JWT_SECRET_KEY"
                    + " where that is not set, is not what it was");
            return false;
        }
        seals.check(handle, noted);
        events.check(handle);
        out.accept(String.format(
                "%s in %d events and %d seals; %d not sealed yet; head %s",
                findings.count() == 0
                        ? "No finding"
                        : findings.count() + (findings.count() == 1 ? " finding" : " findings"),
                events.count(),
                seals.count(),
                events.unsealed(),
                seals.head()));
        return findings.count() == 0;
    }
}
