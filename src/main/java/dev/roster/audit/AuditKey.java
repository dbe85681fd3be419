package dev.roster.audit;

import dev.roster.audit.EventRow.Text;
import dev.roster.key.SecretKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Computes the MACs of events and seals: HMAC-SHA-256, 32 bytes. Thread-safe. */
final class AuditKey {
    private final SecretKey key;

    AuditKey(SecretKey key) {
        this.key = key;
    }

    /**
     * Covers every column except the free texts, which may be forgotten while the event is kept. An event without an
     * operator's columns has the MAC that versions before these columns computed: its message has fewer fields.
     *
     * @param recorded the free texts with which the event was recorded
     */
    Mac mac(EventRow event, Set<Text> recorded) {
        List<@Nullable Object> fields = new ArrayList<>();
        fields.add(event.id());
        fields.add(event.occurredAt());
        fields.add(event.type());
        fields.add(event.actorId());
        fields.add(event.targetId());
        fields.add(event.sessionId());
        fields.add(event.details());
        fields.add(event.requestId());
        fields.add(event.ip());
        fields.add(recorded.contains(Text.USER_AGENT));
        boolean hasReason = recorded.contains(Text.REASON);
        boolean hasActor = recorded.contains(Text.ACTOR);
        if (event.keyId() != null || event.targetKeyId() != null || hasReason || hasActor) {
            fields.add(event.keyId());
            fields.add(event.targetKeyId());
            fields.add(hasReason);
            fields.add(hasActor);
        }
        return mac("audit-event", fields);
    }

    Mac textMac(UUID eventId, Text text, String value) {
        return mac(text.purpose(), List.of(eventId, value));
    }

    Mac mac(Seal seal) {
        StringBuilder events = new StringBuilder();
        for (int i = 0; i < seal.eventIds().size(); i++) {
            events.append(seal.eventIds().get(i)).append(seal.eventMacs().get(i));
        }
        return mac(
                "audit-seal",
                Arrays.asList(
                        seal.number(), seal.month(), events, seal.latestMonth(), seal.previousMac(), seal.sealedAt()));
    }

    /** Prefixes each field with its length, so that no text can move between fields. Null differs from empty. */
    private Mac mac(String purpose, List<? extends @Nullable Object> fields) {
        StringBuilder message = new StringBuilder();
        for (Object field : fields) {
            String text = field == null ? null : field.toString();
            message.append(text == null ? "-" : text.length() + ":" + text);
        }
        return Mac.of(key.authenticate(purpose, message.toString().getBytes(StandardCharsets.UTF_8)));
    }
}
