package dev.roster.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Holds the events against their codes, and against what the seals say that there is. For one use. */
final class EventsCheck {
    /** Of edited events, how many are remembered to see which have been exchanged. */
    private static final int COMPARED = 10_000;

    private static final int FETCHED = 1000;

    private final AuditKey key;
    private final LocalDate oldestMonth;
    private final Findings findings;
    private final Map<Exchange, UUID> misplaced = new HashMap<>();
    private long count;
    private long unsealed;

    EventsCheck(AuditKey key, LocalDate oldestMonth, Findings findings) {
        this.key = key;
        this.oldestMonth = oldestMonth;
        this.findings = findings;
    }

    /** The database joins and sorts, on its disk: here is one row at a time. */
    void check(Handle handle) {
        try (Stream<Entry> entries =
                handle.createQuery("""
                        SELECT event.id, event.occurred_at, event.type, event.actor_id, event.target_id, event.session_id,
                               event.details, event.request_id, event.ip, event.user_agent, event.user_agent_mac, event.mac,
                               written.id AS written_id, written.mac AS written_mac, written.month, written.number,
                               event.user_agent IS NULL AND EXISTS (
                                   SELECT
                                     FROM audit_events AS deletion
                                    WHERE deletion.type = 'deleted'
                                      AND deletion.target_id IN (event.actor_id, event.target_id)) AS person_deleted
                          FROM audit_events AS event
                          FULL JOIN (
                              SELECT entry.id, entry.mac, seal.month, seal.number
                                FROM audit_seals AS seal, unnest(seal.event_ids, seal.event_macs) AS entry (id, mac)
                               UNION ALL
                              SELECT id, mac, date_trunc('month', occurred_at AT TIME ZONE 'UTC')::date, NULL
                                FROM audit_unsealed) AS written
                            ON written.id = event.id
                         ORDER BY coalesce(event.id, written.id)
                        """).setFetchSize(FETCHED).map((row, context) -> Entry.read(row)).stream()) {
            entries.forEach(this::check);
        }
    }

    long count() {
        return count;
    }

    long unsealed() {
        return unsealed;
    }

    /** Whether this key has made the code of one of the newest. */
    boolean isKeyRight(Handle handle) {
        try (Stream<Stored> events = handle.createQuery("""
                        SELECT id, occurred_at, type, actor_id, target_id, session_id, details, request_id, ip, user_agent,
                               user_agent_mac, mac
                          FROM audit_events
                         ORDER BY occurred_at DESC
                         LIMIT 100
                        """).map((row, context) -> Stored.read(row)).stream()) {
            return events.anyMatch(event -> state(event) != State.EDITED);
        }
    }

    boolean isEmpty(Handle handle) {
        return handle.createQuery("SELECT NOT EXISTS (SELECT FROM audit_events)")
                .mapTo(Boolean.class)
                .one();
    }

    private void check(Entry entry) {
        Written written = entry.written();
        if (written != null && written.seal() == null) {
            unsealed++;
        }
        if (entry.event() != null) {
            count++;
            check(entry.event(), written, entry.personDeleted());
        } else if (written != null && !written.month().isBefore(oldestMonth)) {
            findings.add("event " + written.id() + " of "
                    + Instant.ofEpochMilli(written.id().getMostSignificantBits() >>> 16) + " is missing: "
                    + (written.seal() == null ? "it was to be sealed" : "it stands in seal " + written.seal()));
        }
    }

    private void check(Stored stored, @Nullable Written written, boolean personDeleted) {
        EventRow event = stored.event();
        String name = "event " + event.id() + " of " + event.occurredAt() + " (" + event.type() + ") ";
        State state = state(stored);
        if (written == null) {
            findings.add(name + (state == State.EDITED ? "was put in" : "is in no seal"));
        } else if (!written.mac().equals(stored.mac())) {
            findings.add(name + "was edited" + exchanged(event.id(), stored.mac(), written.mac()));
        } else if (state == State.EDITED) {
            findings.add(name + "was edited");
        } else if (state == State.WITHOUT_ITS_USER_AGENT && !personDeleted) {
            findings.add(name + "lost its user agent");
        }
    }

    private State state(Stored stored) {
        EventRow event = stored.event();
        String userAgent = event.userAgent();
        if (userAgent != null) {
            return stored.mac().equals(key.code(event, true))
                            && key.userAgentCode(event.id(), userAgent).equals(stored.userAgentMac())
                    ? State.WHOLE
                    : State.EDITED;
        }
        if (stored.userAgentMac() != null) {
            return State.EDITED;
        }
        if (stored.mac().equals(key.code(event, false))) {
            return State.WHOLE;
        }
        return stored.mac().equals(key.code(event, true)) ? State.WITHOUT_ITS_USER_AGENT : State.EDITED;
    }

    /** Which other event has the code that this one should have, and the other way round; of the second of the two. */
    private String exchanged(UUID id, Code mac, Code writtenMac) {
        UUID other = misplaced.get(new Exchange(writtenMac, mac));
        if (other != null) {
            return ": exchanged with event " + other;
        }
        if (misplaced.size() < COMPARED) {
            misplaced.put(new Exchange(mac, writtenMac), id);
        }
        return "";
    }

    private enum State {
        WHOLE,
        WITHOUT_ITS_USER_AGENT,
        EDITED
    }

    /** Which code an event has, and which it should have. */
    private record Exchange(Code has, Code shouldHave) {}

    /** An event as it is now. */
    private record Stored(EventRow event, @Nullable Code userAgentMac, Code mac) {
        static Stored read(ResultSet row) throws SQLException {
            return new Stored(EventRow.read(row), Code.readNullable(row, "user_agent_mac"), Code.read(row, "mac"));
        }
    }

    /**
     * What is said of an event elsewhere.
     *
     * @param seal the number of the seal that it stands in; null where it is to be sealed
     */
    private record Written(
            UUID id, Code mac, LocalDate month, @Nullable Long seal) {}

    /** The two sides of an event, of which one may be missing. */
    private record Entry(@Nullable Stored event, @Nullable Written written, boolean personDeleted) {
        static Entry read(ResultSet row) throws SQLException {
            UUID writtenId = row.getObject("written_id", UUID.class);
            return new Entry(
                    row.getObject("id", UUID.class) == null ? null : Stored.read(row),
                    writtenId == null
                            ? null
                            : new Written(
                                    writtenId,
                                    Code.read(row, "written_mac"),
                                    row.getObject("month", LocalDate.class),
                                    row.getObject("number", Long.class)),
                    row.getBoolean("person_deleted"));
        }
    }
}
