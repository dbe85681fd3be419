package dev.roster.audit;

import java.time.LocalDate;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Checks the seals, from first to last, against their MACs and each other. For one use. */
final class SealsCheck {
    private static final int FETCH_SIZE = 50;

    private final AuditKey key;
    private final LocalDate oldestMonth;
    private final Consumer<String> report;
    private @Nullable Stored last;
    private boolean lastIsIntact;
    private long count;

    SealsCheck(AuditKey key, LocalDate oldestMonth, Consumer<String> report) {
        this.key = key;
        this.oldestMonth = oldestMonth;
        this.report = report;
    }

    void check(Handle handle, @Nullable Head noted) {
        try (Stream<Stored> seals = seals(handle, "ORDER BY number")) {
            seals.forEach(this::check);
        }
        if (noted != null) {
            compare(handle, noted);
        }
    }

    long count() {
        return count;
    }

    /** The newest seal; null if there is none. */
    @Nullable
    Head head() {
        return last == null ? null : Head.of(last.seal().number(), last.mac());
    }

    /** Returns true if this key made one of the newest seals, or if there are none. */
    static boolean isKeyRight(Handle handle, AuditKey key) {
        List<Stored> newest;
        try (Stream<Stored> seals = seals(handle, "ORDER BY number DESC LIMIT 10")) {
            newest = seals.toList();
        }
        return newest.isEmpty() || newest.stream().anyMatch(stored -> stored.isIntact(key));
    }

    private static Stream<Stored> seals(Handle handle, String order) {
        return handle
                .createQuery("SELECT number, month, event_ids, event_macs, latest_month, previous_mac, sealed_at, mac"
                        + " FROM audit_seals " + order)
                .setFetchSize(FETCH_SIZE)
                .map((row, context) -> new Stored(Seal.read(row), Mac.read(row, "mac")))
                .stream();
    }

    private void check(Stored stored) {
        count++;
        Seal seal = stored.seal();
        long expected = last == null ? 1 : last.seal().number() + 1;
        boolean earlierSealsExpired =
                last == null && seal.latestMonth() != null && seal.latestMonth().isBefore(oldestMonth);
        if (seal.number() > expected && !earlierSealsExpired) {
            reportMissing(expected, seal.number() - 1);
        }
        boolean isIntact = stored.isIntact(key);
        if (!isIntact) {
            report.accept("seal " + seal.number() + " was edited");
        } else if (last != null
                && lastIsIntact
                && seal.number() == expected
                && !last.mac().equals(seal.previousMac())) {
            report.accept("seal " + seal.number() + " does not follow seal "
                    + last.seal().number());
        }
        last = stored;
        lastIsIntact = isIntact;
    }

    private void reportMissing(long from, long to) {
        report.accept(from == to ? "seal " + from + " is missing" : "seals " + from + " to " + to + " are missing");
    }

    private void compare(Handle handle, Head noted) {
        long newest = last == null ? 0 : last.seal().number();
        if (noted.number() > newest) {
            reportMissing(newest + 1, noted.number());
            return;
        }
        handle.createQuery("SELECT mac FROM audit_seals WHERE number = :number")
                .bind("number", noted.number())
                .map((row, context) -> Mac.read(row, "mac"))
                .findOne()
                .map(mac -> Head.of(noted.number(), mac))
                .filter(head -> !head.equals(noted))
                .ifPresent(head -> report.accept("seal " + head.number() + " is not the one that was noted"));
    }

    private record Stored(Seal seal, Mac mac) {
        boolean isIntact(AuditKey key) {
            return key.mac(seal).equals(mac);
        }
    }
}
