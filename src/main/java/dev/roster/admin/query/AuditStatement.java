package dev.roster.admin.query;

import dev.roster.query.list.ListPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * The SQL that reads one page of the audit trail, newest first. Each combination of filters has its own text, so that
 * PostgreSQL plans for the filters in use.
 *
 * @param after the position at which the page starts; null for the first page
 * @param limit the maximum number of events to read
 */
record AuditStatement(AuditFilters filters, @Nullable ListPlace after, int limit) {
    private static final String PAGE = """
            SELECT <columns>
              FROM audit_events
             WHERE <conditions>
             ORDER BY occurred_at DESC, id DESC
             LIMIT :limit
            """;

    // The index of targets has the events of users who acted on themselves. The index of actors has those of users who
    // acted on others. So no event is in both indexes for the same user.
    private static final String BY_USER = """
            SELECT *
              FROM ((SELECT <columns>
                       FROM audit_events
                      WHERE actor_id = :actor_id AND target_id = :actor_id AND <conditions>
                      ORDER BY occurred_at DESC, id DESC
                      LIMIT :limit)
                    UNION ALL
                    (SELECT <columns>
                       FROM audit_events
                      WHERE actor_id = :actor_id AND actor_id IS DISTINCT FROM target_id AND <conditions>
                      ORDER BY occurred_at DESC, id DESC
                      LIMIT :limit)) AS found
             ORDER BY occurred_at DESC, id DESC
             LIMIT :limit
            """;

    List<AuditEntry> read(Handle handle) {
        return bind(handle.createQuery(sql()))
                .map((row, context) -> AuditEntry.read(row))
                .list();
    }

    static ListPlace place(AuditEntry entry) {
        return new ListPlace(entry.occurredAt().toString(), entry.id());
    }

    String sql() {
        return (filters.actorId() == null ? PAGE : BY_USER)
                .replace("<columns>", AuditEntry.COLUMNS)
                .replace("<conditions>", conditions());
    }

    private String conditions() {
        List<String> conditions = new ArrayList<>(filters.time().on("occurred_at", "occurred"));
        if (filters.target() != null) {
            conditions.add("target_id = :target");
        }
        if (filters.actor() != null && filters.actorId() == null) {
            conditions.add("actor = :actor");
        }
        if (filters.key() != null) {
            conditions.add("key_id = :key");
        }
        if (filters.type() != null) {
            conditions.add("type = '" + filters.type() + "'"); // one of the known types: the index needs a literal
        }
        if (filters.requestId() != null) {
            conditions.add("request_id = :request_id");
        }
        if (after != null) {
            // The first condition lets PostgreSQL skip the partitions of later months.
            conditions.add("occurred_at <= CAST(:after_time AS timestamptz)");
            conditions.add("(occurred_at, id) < (CAST(:after_time AS timestamptz), :after_id)");
        }
        return conditions.isEmpty() ? "true" : String.join(" AND ", conditions);
    }

    /** Binds the values to a statement that was made with {@link #sql}. */
    <T extends SqlStatement<T>> T bind(T statement) {
        statement.bind("limit", limit);
        filters.time().bind(statement, "occurred");
        bind(statement, "target", filters.target());
        UUID actorId = filters.actorId();
        bind(statement, actorId == null ? "actor" : "actor_id", actorId == null ? filters.actor() : actorId);
        bind(statement, "key", filters.key());
        bind(statement, "request_id", filters.requestId());
        if (after != null) {
            statement.bind("after_time", after.key());
            statement.bind("after_id", after.id());
        }
        return statement;
    }

    private static void bind(SqlStatement<?> statement, String name, @Nullable Object value) {
        if (value != null) {
            statement.bind(name, value);
        }
    }
}
