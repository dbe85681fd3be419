package dev.roster.audit;

import dev.roster.audit.EventRow.Text;
import dev.roster.id.Ids;
import dev.roster.key.SecretKey;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * Records events, and forgets the free texts of deleted users' events: user agents, reasons and actors. Thread-safe.
 *
 * <p>Lock order: the user (locked by the caller), then audit rows. Recording only inserts rows, so it waits for no
 * lock. Forgetting locks rows of one user; if the user is in {@code audit_unforgotten}, this row first.
 */
public final class AuditEvents {
    private static final int FORGET_BATCH = 5000;

    private final AuditKey key;
    private final Ids ids;
    private final Clock clock;
    private final Counter committed;

    public AuditEvents(SecretKey key, Ids ids, Clock clock, PrometheusRegistry metrics) {
        this.key = new AuditKey(key);
        this.ids = ids;
        this.clock = clock;
        this.committed = Counter.builder()
                .name("roster_audit_events")
                .help("Events that this node recorded in the audit trail.")
                .labelNames("type")
                .withoutExemplars()
                .register(metrics);
        for (AuditEvent.Type type : AuditEvent.Type.values()) {
            committed.initLabelValues(type.column());
        }
    }

    /**
     * Records events, in this order, in the caller's transaction, in one round trip. To record an event about a user,
     * the caller must hold a lock that prevents the user's deletion: events recorded after the deletion would never be
     * forgotten.
     */
    public void write(Handle handle, List<AuditEvent> events) {
        if (events.isEmpty()) {
            return;
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS); // the precision of PostgreSQL
        PreparedBatch batch = handle.prepareBatch("""
                WITH event AS (
                    INSERT INTO audit_events (id, occurred_at, type, actor_id, target_id, session_id, details,
                                              request_id, ip, key_id, target_key_id, user_agent, user_agent_mac,
                                              reason, reason_mac, actor, actor_mac, mac)
                    VALUES (:id, :occurredAt, :type, :actorId::uuid, :targetId::uuid, :sessionId::uuid, :details,
                            :requestId, :ip::inet, :keyId, :targetKeyId, :user_agent, :user_agent_mac,
                            :reason, :reason_mac, :actor, :actor_mac, :mac)
                    RETURNING id, occurred_at, mac)
                INSERT INTO audit_unsealed (id, occurred_at, mac)
                SELECT id, occurred_at, mac
                  FROM event
                """);
        for (int i = 0; i < events.size(); i++) {
            bind(batch, row(events.get(i), now.plus(i, ChronoUnit.MICROS))).add(); // distinct times keep the order
        }
        batch.execute();
    }

    /** Counts events whose transaction has committed. */
    public void committed(List<AuditEvent> events) {
        events.forEach(event -> committed.labelValues(event.type().column()).inc());
    }

    /**
     * Forgets the free texts of all events of a user. Call it in the transaction that deletes the user, after the
     * user's row is deleted. If the user has more events than a batch, {@link #forget} forgets the rest later.
     */
    public void forgetPerson(Handle handle, UUID userId) {
        if (forgetBatch(handle, userId)) {
            handle.execute("INSERT INTO audit_unforgotten (user_id) VALUES (?)", userId);
        }
    }

    /**
     * Forgets a batch of the free texts that {@link #forgetPerson} left. Call it in a transaction of its own. Skips
     * users that another node is handling.
     *
     * @return whether there may be more to forget
     */
    public boolean forget(Handle handle) {
        UUID userId = handle.createQuery("SELECT user_id FROM audit_unforgotten LIMIT 1 FOR UPDATE SKIP LOCKED")
                .mapTo(UUID.class)
                .findOne()
                .orElse(null);
        if (userId != null && !forgetBatch(handle, userId)) {
            handle.execute("DELETE FROM audit_unforgotten WHERE user_id = ?", userId);
        }
        return userId != null;
    }

    /** Returns whether there may be more to forget. */
    private static boolean forgetBatch(Handle handle, @Nullable UUID userId) {
        int forgotten = handle.createUpdate("""
                UPDATE audit_events
                   SET user_agent = NULL, user_agent_mac = NULL, reason = NULL, reason_mac = NULL,
                       actor = NULL, actor_mac = NULL
                 WHERE (occurred_at, id) IN (
                           SELECT occurred_at, id
                             FROM audit_events
                            WHERE (target_id = :userId
                                   OR (actor_id = :userId AND actor_id IS DISTINCT FROM target_id)) -- as in the index
                              AND (user_agent IS NOT NULL OR reason IS NOT NULL OR actor IS NOT NULL)
                            LIMIT :limit)
                """)
                .bind("userId", userId)
                .bind("limit", FORGET_BATCH)
                .execute();
        return forgotten == FORGET_BATCH;
    }

    private EventRow row(AuditEvent event, Instant occurredAt) {
        return new EventRow(
                ids.next(),
                occurredAt,
                event.type().column(),
                event.actorId(),
                event.targetId(),
                event.sessionId(),
                event.details(),
                event.source().requestId(),
                event.source().ip(),
                event.operation().keyId(),
                event.operation().targetKeyId(),
                texts(event));
    }

    private static Map<Text, String> texts(AuditEvent event) {
        Map<Text, String> texts = new EnumMap<>(Text.class);
        if (event.type() != AuditEvent.Type.DELETED) { // otherwise it would keep what is about to be forgotten
            put(texts, Text.USER_AGENT, event.source().userAgent());
            put(texts, Text.REASON, event.operation().reason());
            put(texts, Text.ACTOR, event.operation().actor());
        }
        return texts;
    }

    private static void put(Map<Text, String> texts, Text text, @Nullable String value) {
        if (value != null) {
            texts.put(text, value);
        }
    }

    private PreparedBatch bind(PreparedBatch batch, EventRow row) {
        for (Text text : Text.values()) {
            String value = row.texts().get(text);
            byte[] mac = value == null ? null : Mac.bytes(key.textMac(row.id(), text, value));
            batch.bind(text.column(), value).bindBySqlType(text.column() + "_mac", mac, Types.BINARY);
        }
        return batch.bind("id", row.id())
                .bind("occurredAt", row.occurredAt())
                .bind("type", row.type())
                .bind("actorId", text(row.actorId()))
                .bind("targetId", text(row.targetId()))
                .bind("sessionId", text(row.sessionId()))
                .bind("details", row.details())
                .bind("requestId", row.requestId())
                .bind("ip", row.ip())
                .bind("keyId", row.keyId())
                .bind("targetKeyId", row.targetKeyId())
                .bind("mac", Mac.bytes(key.mac(row, row.texts().keySet())));
    }

    /**
     * Converts an id to text. The events of a batch share one statement, so each parameter needs the same type in all
     * events, even if it is null.
     */
    private static @Nullable String text(@Nullable UUID id) {
        return id == null ? null : id.toString();
    }
}
