package dev.roster.audit;

import dev.roster.key.SecretKey;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Computes the MACs of events and seals: HMAC-SHA-256, 32 bytes. Thread-safe. */
final class AuditKey {
    private final SecretKey key;

    AuditKey(SecretKey key) {
        this.key = key;
    }

    /**
     * Covers every column except the user agent, which may be forgotten while the event is kept.
     *
     * @param hasUserAgent whether the event was recorded with a user agent
     */
    Mac mac(EventRow event, boolean hasUserAgent) {
        return mac(
                "audit-event",
                event.id(),
                event.occurredAt(),
                event.type(),
                event.actorId(),
                event.targetId(),
                event.sessionId(),
                event.details(),
                event.requestId(),
                event.ip(),
                hasUserAgent);
    }

    Mac userAgentMac(UUID eventId, String userAgent) {
        return mac("audit-user-agent", eventId, userAgent);
    }

    Mac mac(Seal seal) {
        StringBuilder events = new StringBuilder();
        for (int i = 0; i < seal.eventIds().size(); i++) {
            events.append(seal.eventIds().get(i)).append(seal.eventMacs().get(i));
        }
        return mac(
                "audit-seal",
                seal.number(),
                seal.month(),
                events,
                seal.latestMonth(),
                seal.previousMac(),
                seal.sealedAt());
    }

    /** Prefixes each field with its length, so that no text can move between fields. Null differs from empty. */
    private Mac mac(String purpose, @Nullable Object... fields) {
        StringBuilder message = new StringBuilder();
        for (Object field : fields) {
            String text = field == null ? null : field.toString();
            message.append(text == null ? "-" : text.length() + ":" + text);
        }
        return Mac.of(key.authenticate(purpose, message.toString().getBytes(StandardCharsets.UTF_8)));
    }
}
