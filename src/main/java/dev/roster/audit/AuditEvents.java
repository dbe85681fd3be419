package dev.roster.audit;

import dev.roster.id.Ids;
import dev.roster.key.SecretKey;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** Writes events down, and forgets whom they were about. Thread-safe. */
public final class AuditEvents {
    private static final int FORGOTTEN_AT_ONCE = 5000;

    private final AuditKey key;
    private final Ids ids;
    private final Clock clock;

    public AuditEvents(SecretKey key, Ids ids, Clock clock) {
        this.key = new AuditKey(key);
        this.ids = ids;
        this.clock = clock;
    }

    /** To be called in the transaction of what happened. One round trip, and it waits for no other writer. */
    public void write(Handle handle, AuditEvent... events) {
        write(handle, List.of(events));
    }

    /**
     * The same of many. Whoever writes about a user holds a lock that keeps the user from being deleted meanwhile: what is
     * written behind a deletion would never be forgotten.
     */
    public void write(Handle handle, List<AuditEvent> events) {
        if (events.isEmpty()) {
            return;
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS); // as PostgreSQL keeps it
        PreparedBatch batch = handle.prepareBatch("""
                WITH event AS (
                    INSERT INTO audit_events (id, occurred_at, type, actor_id, target_id, session_id, details, request_id, ip,
                                              user_agent, user_agent_mac, mac)
                    VALUES (:id, :occurredAt, :type, :actorId::uuid, :targetId::uuid, :sessionId::uuid, :details, :requestId, :ip::inet,
                            :userAgent, :userAgentMac, :mac)
                    RETURNING id, occurred_at, mac)
                INSERT INTO audit_unsealed (id, occurred_at, mac)
                SELECT id, occurred_at, mac
                  FROM event
                """);
        for (int i = 0; i < events.size(); i++) {
            bind(batch, row(events.get(i), now.plus(i, ChronoUnit.MICROS))).add(); // in their order
        }
        batch.execute();
    }

    /**
     * Writes that a user is deleted, and forgets, of this event and all others of theirs, what could name them. To be called
     * in the transaction that deletes the user, after it has. Of somebody with very many events, {@link #forget} goes on.
     */
    public void writeDeletion(Handle handle, AuditEvent deletion) {
        if (forgetSome(handle, deletion.targetId())) {
            handle.execute("INSERT INTO audit_unforgotten (user_id) VALUES (?)", deletion.targetId());
        }
        write(handle, deletion);
    }

    /**
     * Forgets some more of what could name somebody who is deleted. To be called in a transaction of its own.
     *
     * @return whether there may be more of it
     */
    public boolean forget(Handle handle) {
        UUID userId = handle.createQuery("SELECT user_id FROM audit_unforgotten LIMIT 1 FOR UPDATE SKIP LOCKED")
                .mapTo(UUID.class)
                .findOne()
                .orElse(null);
        if (userId != null && !forgetSome(handle, userId)) {
            handle.execute("DELETE FROM audit_unforgotten WHERE user_id = ?", userId);
        }
        return userId != null;
    }

    /** Whether there may be more of it. */
    private static boolean forgetSome(Handle handle, @Nullable UUID userId) {
        int forgotten = handle.createUpdate("""
                UPDATE audit_events
                   SET user_agent = NULL, user_agent_mac = NULL
                 WHERE (occurred_at, id) IN (
                           SELECT occurred_at, id
                             FROM audit_events
                            WHERE (target_id = :userId OR (actor_id = :userId AND actor_id IS DISTINCT FROM target_id)) -- as indexed
                              AND user_agent IS NOT NULL
                            LIMIT :limit)
                """)
                .bind("userId", userId)
                .bind("limit", FORGOTTEN_AT_ONCE)
                .execute();
        return forgotten == FORGOTTEN_AT_ONCE;
    }

    private EventRow row(AuditEvent event, Instant now) {
        return new EventRow(
                ids.next(),
                now,
                event.type().column(),
                event.actorId(),
                event.targetId(),
                event.sessionId(),
                event.details(),
                event.source().requestId(),
                event.source().ip(),
                event.type() == AuditEvent.Type.DELETED ? null : event.source().userAgent());
    }

    private PreparedBatch bind(PreparedBatch batch, EventRow row) {
        String userAgent = row.userAgent();
        return batch.bind("id", row.id())
                .bind("occurredAt", row.occurredAt())
                .bind("type", row.type())
                .bind("actorId", text(row.actorId()))
                .bind("targetId", text(row.targetId()))
                .bind("sessionId", text(row.sessionId()))
                .bind("details", row.details())
                .bind("requestId", row.requestId())
                .bind("ip", row.ip())
                .bind("userAgent", userAgent)
                .bindBySqlType(
                        "userAgentMac",
                        userAgent == null ? null : Code.bytes(key.userAgentCode(row.id(), userAgent)),
                        Types.BINARY)
                .bind("mac", Code.bytes(key.code(row, userAgent != null)));
    }

    /** Of one type, null or not: all events of a batch are one statement. */
    private static @Nullable String text(@Nullable UUID id) {
        return id == null ? null : id.toString();
    }
}
