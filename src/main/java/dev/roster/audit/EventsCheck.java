package dev.roster.audit;

import com.google.common.collect.Sets;
import dev.roster.audit.EventRow.Text;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Checks the events against their MACs and against the lists of the seals. For one use. */
final class EventsCheck {
    private static final int FETCH_SIZE = 1000;

    private final AuditKey key;
    private final LocalDate oldestMonth;
    private final Consumer<String> report;
    private long count;
    private long unsealed;

    EventsCheck(AuditKey key, LocalDate oldestMonth, Consumer<String> report) {
        this.key = key;
        this.oldestMonth = oldestMonth;
        this.report = report;
    }

    /** Joins and sorts in the database, which may use its disk, and reads one row at a time. */
    void check(Handle handle) {
        try (Stream<Entry> entries =
                handle.createQuery("""
                        SELECT event.id, event.occurred_at, event.type, event.actor_id, event.target_id,
                               event.session_id, event.details, event.request_id, event.ip, event.key_id,
                               event.target_key_id, event.user_agent, event.user_agent_mac, event.reason,
                               event.reason_mac, event.actor, event.actor_mac, event.mac,
                               listed.id AS listed_id, listed.mac AS listed_mac, listed.month, listed.number,
                               (event.user_agent IS NULL OR event.key_id IS NOT NULL) AND EXISTS (
                                   SELECT
                                     FROM audit_events AS deletion
                                    WHERE deletion.type = 'deleted'
                                      AND deletion.target_id IN (event.actor_id, event.target_id)) AS is_person_deleted
                          FROM audit_events AS event
                          FULL JOIN (
                              SELECT entry.id, entry.mac, seal.month, seal.number
                                FROM audit_seals AS seal, unnest(seal.event_ids, seal.event_macs) AS entry (id, mac)
                               UNION ALL
                              SELECT id, mac, date_trunc('month', occurred_at AT TIME ZONE 'UTC')::date, NULL
                                FROM audit_unsealed) AS listed
                            ON listed.id = event.id
                         ORDER BY coalesce(event.id, listed.id)
                        """).setFetchSize(FETCH_SIZE).map((row, context) -> Entry.read(row)).stream()) {
            entries.forEach(this::check);
        }
    }

    long count() {
        return count;
    }

    long unsealed() {
        return unsealed;
    }

    /** Returns true if this key made the MAC of one of the newest events. */
    static boolean isKeyRight(Handle handle, AuditKey key) {
        try (Stream<Stored> events = handle.createQuery("""
                        SELECT id, occurred_at, type, actor_id, target_id, session_id, details, request_id, ip,
                               key_id, target_key_id, user_agent, user_agent_mac, reason, reason_mac, actor,
                               actor_mac, mac
                          FROM audit_events
                         ORDER BY occurred_at DESC
                         LIMIT 100
                        """).map((row, context) -> Stored.read(row)).stream()) {
            return events.anyMatch(event -> event.lost(key).isPresent());
        }
    }

    static boolean isEmpty(Handle handle) {
        return handle.createQuery("SELECT NOT EXISTS (SELECT FROM audit_events)")
                .mapTo(Boolean.class)
                .one();
    }

    private void check(Entry entry) {
        Listed listed = entry.listed();
        if (listed != null && listed.seal() == null) {
            unsealed++;
        }
        if (entry.event() != null) {
            count++;
            check(entry.event(), listed, entry.isPersonDeleted());
        } else if (listed != null && !listed.month().isBefore(oldestMonth)) {
            report.accept("event " + listed.id() + " of "
                    + Instant.ofEpochMilli(listed.id().getMostSignificantBits() >>> 16) + " is missing: "
                    + (listed.seal() == null ? "it was not sealed yet" : "seal " + listed.seal() + " lists it"));
        }
    }

    private void check(Stored stored, @Nullable Listed listed, boolean isPersonDeleted) {
        EventRow event = stored.event();
        String name = "event " + event.id() + " of " + event.occurredAt() + " (" + event.type() + ") ";
        Set<Text> lost = stored.lost(key).orElse(null);
        if (listed == null) {
            report.accept(name + (lost == null ? "was inserted" : "is in no seal"));
        } else if (lost == null || !listed.mac().equals(stored.mac())) {
            report.accept(name + "was edited");
        } else if (!isPersonDeleted) {
            lost.forEach(text -> report.accept(name + "lost its " + text.label()));
        }
    }

    /** An event as it is now. */
    private record Stored(EventRow event, Map<Text, Mac> textMacs, Mac mac) {
        static Stored read(ResultSet row) throws SQLException {
            Map<Text, Mac> textMacs = new EnumMap<>(Text.class);
            for (Text text : Text.values()) {
                Mac mac = Mac.readNullable(row, text.column() + "_mac");
                if (mac != null) {
                    textMacs.put(text, mac);
                }
            }
            return new Stored(EventRow.read(row), textMacs, Mac.read(row, "mac"));
        }

        /** The free texts that the event was recorded with and no longer has. Empty if the event was edited. */
        Optional<Set<Text>> lost(AuditKey key) {
            if (!textMacs.equals(computedTextMacs(key))) {
                return Optional.empty();
            }
            Set<Text> present = event.texts().keySet();
            return Sets.powerSet(EnumSet.allOf(Text.class)).stream() // a set before those that contain it
                    .filter(recorded -> recorded.containsAll(present) && mac.equals(key.mac(event, recorded)))
                    .findFirst()
                    .map(recorded -> Sets.difference(recorded, present));
        }

        private Map<Text, Mac> computedTextMacs(AuditKey key) {
            Map<Text, Mac> macs = new EnumMap<>(Text.class);
            event.texts().forEach((text, value) -> macs.put(text, key.textMac(event.id(), text, value)));
            return macs;
        }
    }

    /**
     * An event as a seal lists it, or as it waits to be sealed.
     *
     * @param seal the seal's number; null if the event is not sealed yet
     */
    private record Listed(
            UUID id, Mac mac, LocalDate month, @Nullable Long seal) {}

    /** The two sides of the join; one of them may be missing. */
    private record Entry(@Nullable Stored event, @Nullable Listed listed, boolean isPersonDeleted) {
        static Entry read(ResultSet row) throws SQLException {
            UUID listedId = row.getObject("listed_id", UUID.class);
            return new Entry(
                    row.getObject("id", UUID.class) == null ? null : Stored.read(row),
                    listedId == null
                            ? null
                            : new Listed(
                                    listedId,
                                    Mac.read(row, "listed_mac"),
                                    row.getObject("month", LocalDate.class),
                                    row.getObject("number", Long.class)),
                    row.getBoolean("is_person_deleted"));
        }
    }
}
