package dev.roster.audit;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The columns of an event that its MACs cover, as recorded and as read back.
 *
 * @param texts the free texts that are there
 */
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
        @Nullable String keyId,
        @Nullable String targetKeyId,
        Map<Text, String> texts) {

    /**
     * A column of free text. It may be forgotten while the event is kept, so it has a MAC of its own, in the column of
     * the same name with {@code _mac}.
     */
    enum Text {
        USER_AGENT,
        REASON,
        ACTOR;

        String column() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The name in findings. */
        String label() {
            return column().replace('_', ' ');
        }

        /** The name in messages that are authenticated. */
        String purpose() {
            return "audit-" + column().replace('_', '-');
        }
    }

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
                row.getString("key_id"),
                row.getString("target_key_id"),
                texts(row));
    }

    private static Map<Text, String> texts(ResultSet row) throws SQLException {
        Map<Text, String> texts = new EnumMap<>(Text.class);
        for (Text text : Text.values()) {
            String value = row.getString(text.column());
            if (value != null) {
                texts.put(text, value);
            }
        }
        return texts;
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
