package dev.roster.operator;

import dev.roster.audit.AuditEvent;
import dev.roster.http.RequestSource;
import dev.roster.id.Ids;
import dev.roster.refusal.InvalidValueException;
import dev.roster.user.VisibleText;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who acts: an operator, not a user.
 *
 * @param source the request; at a shell, it has no address, and its id is the same for all events of one command
 * @param keyId the API key of the request; null at a shell
 * @param actor who uses the key, as the request says; null if it does not say
 * @param reason why, as the request says; null if it does not say
 */
public record Operator(
        RequestSource source,
        @Nullable String keyId,
        @Nullable String actor,
        @Nullable String reason) {
    /** The most characters of a reason. */
    public static final int MAX_REASON = 200;

    private static final String BY_OPERATOR = "by_operator";

    /** The operator of one command at a shell. */
    public static Operator atShell(Ids ids) {
        return new Operator(new RequestSource(ids.next().toString(), null, null), null, null, null);
    }

    /**
     * The same operator with this reason; without one if the text is null.
     *
     * @throws InvalidValueException if the reason is too long or has characters that would mislead a reader
     */
    public Operator because(@Nullable String text) {
        return new Operator(source, keyId, actor, text == null ? null : VisibleText.of(text, MAX_REASON));
    }

    /** An event about nobody in particular. */
    public AuditEvent event(AuditEvent.Type type) {
        return event(type, null, null);
    }

    /** An event about this user. */
    public AuditEvent event(AuditEvent.Type type, UUID userId) {
        return event(type, userId, null);
    }

    /** An event about this API key. */
    public AuditEvent event(AuditEvent.Type type, String targetKeyId) {
        return event(type, null, targetKeyId);
    }

    private AuditEvent event(AuditEvent.Type type, @Nullable UUID userId, @Nullable String targetKeyId) {
        return AuditEvent.against(userId, type, source)
                .with(BY_OPERATOR)
                .of(new AuditEvent.Operation(keyId, targetKeyId, actor, reason));
    }
}
