package dev.roster.audit;

import dev.roster.key.SecretKey;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes the codes of events and seals: HMAC-SHA-256, 32 bytes. Thread-safe. */
final class AuditKey {
    private final SecretKey key;

    AuditKey(SecretKey key) {
        this.key = key;
    }

    /**
     * Over all of an event but what its user agent is, which is forgotten before the event is.
     *
     * @param hasUserAgent whether it was written with one
     */
    Code code(EventRow event, boolean hasUserAgent) {
        return code(
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

    Code userAgentCode(UUID eventId, String userAgent) {
        return code("audit-user-agent", eventId, userAgent);
    }

    Code code(Seal seal) {
        StringBuilder events = new StringBuilder();
        for (int i = 0; i < seal.eventIds().size(); i++) {
            events.append(seal.eventIds().get(i)).append(seal.eventMacs().get(i));
        }
        return code(
                "audit-seal",
                seal.number(),
                seal.month(),
                events,
                seal.latestMonth(),
                seal.previousMac(),
                seal.sealedAt());
    }

    /** Each field with its length, so that nothing moves from one to the next; a missing one is not an empty one. */
    private Code code(String purpose, @Nullable Object... fields) {
        StringBuilder message = new StringBuilder();
        for (Object field : fields) {
            String text = field == null ? null : field.toString();
            message.append(text == null ? "-" : text.length() + ":" + text);
        }
        return Code.of(key.authenticate(purpose, message.toString().getBytes(StandardCharsets.UTF_8)));
    }
}
