package dev.roster.audit;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Holds the seals, from the first to the last, against their codes and each other. For one use. */
final class SealsCheck {
    /** Of broken seals, how many are tried in each other's place. */
    private static final int COMPARED = 50;

    private static final int FETCHED = 50;

    private final AuditKey key;
    private final LocalDate oldestMonth;
    private final Findings findings;
    private final List<Stored> broken = new ArrayList<>();
    private @Nullable Stored last;
    private boolean lastIsWhole;
    private long count;

    SealsCheck(AuditKey key, LocalDate oldestMonth, Findings findings) {
        this.key = key;
        this.oldestMonth = oldestMonth;
        this.findings = findings;
    }

    void check(Handle handle, @Nullable Head noted) {
        try (Stream<Stored> seals = seals(handle, "ORDER BY number")) {
            seals.forEach(this::check);
        }
        explainBroken();
        if (noted != null) {
            compare(handle, noted);
        }
    }

    long count() {
        return count;
    }

    /** The newest seal; null where there is none. */
    @Nullable
    Head head() {
        return last == null ? null : Head.of(last.seal().number(), last.mac());
    }

    /** Whether this key has made one of the newest; also where there is none. */
    boolean isKeyRight(Handle handle) {
        List<Stored> newest;
        try (Stream<Stored> seals = seals(handle, "ORDER BY number DESC LIMIT 10")) {
            newest = seals.toList();
        }
        return newest.isEmpty() || newest.stream().anyMatch(this::isWhole);
    }

    private static Stream<Stored> seals(Handle handle, String order) {
        return handle
                .createQuery("SELECT number, month, event_ids, event_macs, latest_month, previous_mac, sealed_at, mac"
                        + " FROM audit_seals " + order)
                .setFetchSize(FETCHED)
                .map((row, context) -> new Stored(Seal.read(row), Code.read(row, "mac")))
                .stream();
    }

    private void check(Stored stored) {
        count++;
        Seal seal = stored.seal();
        long expected = last == null ? 1 : last.seal().number() + 1;
        boolean retentionEnded =
                last == null && seal.latestMonth() != null && seal.latestMonth().isBefore(oldestMonth);
        if (seal.number() > expected && !retentionEnded) {
            addMissing(expected, seal.number() - 1);
        }
        boolean whole = isWhole(stored);
        if (!whole) {
            if (broken.size() < COMPARED) {
                broken.add(stored);
            } else {
                findings.add("seal " + seal.number() + " was edited");
            }
        } else if (last != null
                && lastIsWhole
                && seal.number() == expected
                && !last.mac().equals(seal.previousMac())) {
            findings.add("seal " + seal.number() + " does not follow seal "
                    + last.seal().number());
        }
        last = stored;
        lastIsWhole = whole;
    }

    private boolean isWhole(Stored stored) {
        return key.code(stored.seal()).equals(stored.mac());
    }

    private void addMissing(long from, long to) {
        findings.add(from == to ? "seal " + from + " is missing" : "seals " + from + " to " + to + " are missing");
    }

    /** A broken seal that is whole under another's number was put into its place. */
    private void explainBroken() {
        Set<Long> explained = new HashSet<>();
        for (Stored stored : broken) {
            long number = stored.seal().number();
            if (explained.contains(number)) {
                continue;
            }
            Stored other = broken.stream()
                    .filter(candidate -> belongsTo(stored, candidate))
                    .findFirst()
                    .orElse(null);
            if (other == null) {
                findings.add("seal " + number + " was edited");
            } else if (belongsTo(other, stored)) {
                explained.add(other.seal().number());
                findings.add("seals " + number + " and " + other.seal().number() + " were reordered");
            } else {
                findings.add("seal " + other.seal().number() + " was put in the place of seal " + number);
            }
        }
    }

    private boolean belongsTo(Stored stored, Stored place) {
        return key.code(stored.seal().numbered(place.seal().number())).equals(stored.mac());
    }

    private void compare(Handle handle, Head noted) {
        long newest = last == null ? 0 : last.seal().number();
        if (noted.number() > newest) {
            addMissing(newest + 1, noted.number());
            return;
        }
        handle.createQuery("SELECT mac FROM audit_seals WHERE number = :number")
                .bind("number", noted.number())
                .map((row, context) -> Code.read(row, "mac"))
                .findOne()
                .map(mac -> Head.of(noted.number(), mac))
                .filter(head -> !head.equals(noted))
                .ifPresent(head -> findings.add("seal " + head.number() + " is not the one that was noted"));
    }

    private record Stored(Seal seal, Code mac) {}
}
