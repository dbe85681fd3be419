package dev.roster.admin.query;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An event of the audit trail, as operators see it. {@code docs/audit.md} explains the members. */
public record AuditEntry(
        UUID id,
        Instant occurredAt,
        String type,
        @Nullable UUID actorId,
        @Nullable UUID targetId,
        @Nullable UUID sessionId,
        @Nullable String details,
        String requestId,
        @Nullable String ip,
        @Nullable String userAgent,
        @Nullable String keyId,
        @Nullable String targetKeyId,
        @Nullable String actor,
        @Nullable String reason) {
    /** What {@link #read} reads, as a list to select from {@code audit_events}. */
    static final String COLUMNS = "id, occurred_at, type, actor_id, target_id, session_id, details, request_id,"
            + " host(ip) AS ip, user_agent, key_id, target_key_id, actor, reason";

    /** Reads the current row. */
    static AuditEntry read(ResultSet row) throws SQLException {
        return new AuditEntry(
                row.getObject("id", UUID.class),
                row.getObject("occurred_at", OffsetDateTime.class).toInstant(),
                row.getString("type"),
                row.getObject("actor_id", UUID.class),
                row.getObject("target_id", UUID.class),
                row.getObject("session_id", UUID.class),
                row.getString("details"),
                row.getString("request_id"),
                row.getString("ip"),
                row.getString("user_agent"),
                row.getString("key_id"),
                row.getString("target_key_id"),
                row.getString("actor"),
                row.getString("reason"));
    }
}
