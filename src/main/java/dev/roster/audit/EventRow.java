package dev.roster.audit;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The columns of an event that its MACs cover, as recorded and as read back. */
record EventRow(
        UUID id,
        Instant occurredAt,
        String type,
        @Nullable UUID actorId,
        @Nullable UUID targetId,
        @Nullable UUID sessionId,
        @Nullable String details,
        String requestId,
        @Nullable String ip,
        @Nullable String userAgent) {

    /** Reads the current row. */
    static EventRow read(ResultSet row) throws SQLException {
        return new EventRow(
                row.getObject("id", UUID.class),
                row.getObject("occurred_at", OffsetDateTime.class).toInstant(),
                row.getString("type"),
                row.getObject("actor_id", UUID.class),
                row.getObject("target_id", UUID.class),
                row.getObject("session_id", UUID.class),
                row.getString("details"),
                row.getString("request_id"),
                recordedForm(row.getString("ip")),
                row.getString("user_agent"));
    }

    /**
     * Formats an address as Java does. A network, or another notation of the same address, stays and counts as
     * edited.
     */
    private static @Nullable String recordedForm(@Nullable String inet) {
        if (inet == null || inet.contains("/")) {
            return inet;
        }
        try {
            InetAddress address = InetAddress.getByName(inet); // inet columns hold no host names
            return address instanceof Inet4Address && inet.contains(":") ? inet : address.getHostAddress();
        } catch (UnknownHostException e) {
            return inet;
        }
    }
}
