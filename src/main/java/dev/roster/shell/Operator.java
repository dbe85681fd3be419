package dev.roster.shell;

import dev.roster.audit.AuditEvent;
import dev.roster.http.RequestSource;
import dev.roster.id.Ids;
import java.util.UUID;

/** In whose name a command's events are written: no user's. All of one run have the same request id. */
public final class Operator {
    /** In an event's details: no request writes it. */
    private static final String BY_OPERATOR = "by_operator";

    private final RequestSource source;

    public Operator(Ids ids) {
        this.source = new RequestSource(ids.next().toString(), null, null);
    }

    AuditEvent did(AuditEvent.Type type, UUID userId) {
        return AuditEvent.against(userId, type, source).with(BY_OPERATOR);
    }
}
