package dev.roster.operator;

import dev.roster.audit.AuditEvent;
import dev.roster.http.RequestSource;
import dev.roster.id.Ids;
import java.util.UUID;

/**
 * Who acts: an operator, not a user.
 *
 * @param source all events of one command have the same request id, and no address
 */
public record Operator(RequestSource source) {
    private static final String BY_OPERATOR = "by_operator";

    /** The operator of one command at a shell. */
    public static Operator atShell(Ids ids) {
        return new Operator(new RequestSource(ids.next().toString(), null, null));
    }

    /** An event about nobody in particular. */
    AuditEvent event(AuditEvent.Type type) {
        return AuditEvent.against(null, type, source).with(BY_OPERATOR);
    }

    AuditEvent event(AuditEvent.Type type, UUID userId) {
        return AuditEvent.against(userId, type, source).with(BY_OPERATOR);
    }
}
