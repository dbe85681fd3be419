package dev.roster.shell;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.roster.key.SecretKey;
import dev.roster.limit.PersonKeys;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * Everything that the database holds about one person, who may be deleted, but for what {@code left_out} names. Rows are
 * written as they come. For use in a transaction that sees one moment.
 */
final class PersonalData {
    private static final int FETCH_SIZE = 1000;

    /** Tables, and columns of them. */
    private static final Map<String, List<String>> LEFT_OUT = new TreeMap<>(Map.of(
            "secrets",
            List.of(
                    "users.password_hash",
                    "sessions.refresh_token_hash",
                    "spent_refresh_tokens.hash",
                    "spent_refresh_tokens.successor_salt"),
            "made_of_what_is_here",
            List.of(
                    "users.email_key",
                    "users.name_key",
                    "sessions.user_id",
                    "audit_events.user_agent_mac",
                    "audit_events.mac",
                    "audit_unsealed",
                    "audit_seals",
                    "failure_limits.key",
                    "request_limits.key")));

    private final Handle handle;
    private final UUID id;
    private final SecretKey limitKey;

    /** @param limitKey of what limits count by */
    PersonalData(Handle handle, UUID id, SecretKey limitKey) {
        this.handle = handle;
        this.id = id;
        this.limitKey = limitKey;
    }

    /** Whether there is anything. */
    boolean exists() {
        return query("""
                SELECT EXISTS (SELECT FROM users WHERE id = :id)
                    OR EXISTS (SELECT FROM token_blocklist WHERE id = :id OR user_id = :id)
                    OR EXISTS (SELECT FROM audit_events
                                WHERE target_id = :id OR (actor_id = :id AND actor_id IS DISTINCT FROM target_id))
                """).mapTo(Boolean.class).one();
    }

    /** Writes it as one object, in the names of the API where it has one. */
    void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        writeObject(json, "export", query("SELECT :id AS user_id, now() AS exported_at"));
        writeObject(json, "user", query("""
                SELECT id, name, email, role, created_at, updated_at, version
                  FROM users
                 WHERE id = :id
                """));
        writeArray(json, "sessions", query("""
                SELECT id, created_at, last_used_at, expires_at, user_agent, host(ip) AS ip, refreshes_full_at
                  FROM sessions
                 WHERE user_id = :id
                 ORDER BY created_at, id
                """));
        writeArray(json, "spent_refresh_tokens", query("""
                SELECT session_id, spent_at
                  FROM spent_refresh_tokens
                  JOIN sessions ON sessions.id = session_id
                 WHERE user_id = :id
                 ORDER BY spent_at, session_id
                """));
        writeArray(json, "token_blocklist", query("""
                SELECT id, kind, user_id, reason, revoked_at, expires_at
                  FROM token_blocklist
                 WHERE id = :id OR user_id = :id
                 ORDER BY revoked_at, id
                """));
        writeArray(json, "limits", limits());
        writeArray(json, "audit_unforgotten", query("SELECT user_id FROM audit_unforgotten WHERE user_id = :id"));
        writeArray(json, "audit_events", query("""
                SELECT id, occurred_at, type, actor_id, target_id, session_id, details, request_id, host(ip) AS ip, user_agent
                  FROM audit_events
                 WHERE target_id = :id OR (actor_id = :id AND actor_id IS DISTINCT FROM target_id)
                 ORDER BY occurred_at, id
                """));
        json.writeObjectFieldStart("left_out");
        for (Map.Entry<String, List<String>> reason : LEFT_OUT.entrySet()) {
            json.writeFieldName(reason.getKey());
            json.writeArray(
                    reason.getValue().toArray(String[]::new),
                    0,
                    reason.getValue().size());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private Query limits() {
        PersonKeys keys = new PersonKeys(limitKey).ofUser(id, seen("session_id", "id", UUID.class));
        query("SELECT email FROM users WHERE id = :id")
                .mapTo(String.class)
                .findOne()
                .ifPresent(email -> keys.ofEmail(email, seen("host(ip)", "host(ip)", String.class)));
        return query("""
                SELECT known.name AS "limit", failures, closed_until, forgotten_at, full_at
                  FROM unnest(:keys::text[], :names::text[]) AS known (key, name)
                  LEFT JOIN failure_limits USING (key)
                  LEFT JOIN request_limits USING (key)
                 WHERE failures IS NOT NULL OR full_at IS NOT NULL
                 ORDER BY known.name, key
                """)
                .bindArray("keys", String.class, keys.namesByKey().keySet())
                .bindArray("names", String.class, keys.namesByKey().values());
    }

    /** What the person's events and sessions have in these columns. */
    private <T> List<T> seen(String ofEvent, String ofSession, Class<T> type) {
        return query("""
                SELECT <ofEvent> AS seen
                  FROM audit_events
                 WHERE <ofEvent> IS NOT NULL
                   AND (target_id = :id OR (actor_id = :id AND actor_id IS DISTINCT FROM target_id))
                 UNION
                SELECT <ofSession>
                  FROM sessions
                 WHERE <ofSession> IS NOT NULL AND user_id = :id
                """)
                .define("ofEvent", ofEvent)
                .define("ofSession", ofSession)
                .mapTo(type)
                .list();
    }

    private Query query(String sql) {
        return handle.createQuery(sql).bind("id", id).setFetchSize(FETCH_SIZE);
    }

    private static void writeArray(JsonGenerator json, String name, Query query) throws IOException {
        json.writeArrayFieldStart(name);
        Iterator<Row> rows = query.map((row, context) -> Row.read(row)).iterator();
        while (rows.hasNext()) {
            rows.next().write(json);
        }
        json.writeEndArray();
    }

    private static void writeObject(JsonGenerator json, String name, Query query) throws IOException {
        json.writeFieldName(name);
        Iterator<Row> rows = query.map((row, context) -> Row.read(row)).iterator();
        if (rows.hasNext()) {
            rows.next().write(json);
        } else {
            json.writeNull();
        }
    }
}
