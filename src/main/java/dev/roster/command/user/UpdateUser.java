package dev.roster.command.user;

import dev.roster.audit.AuditEvent;
import dev.roster.http.RequestSource;
import dev.roster.http.UserPath;
import dev.roster.http.condition.Preconditions;
import dev.roster.token.AccessToken;
import java.util.UUID;

/**
 * The command to change a user.
 *
 * @param preconditions what the user must be like
 */
public record UpdateUser(
        AccessToken caller, UserPath path, UserChanges changes, Preconditions preconditions, RequestSource source) {

    UUID id() {
        return path.id(caller.userId());
    }

    /** An audit event of this command. */
    AuditEvent event(AuditEvent.Type type) {
        return AuditEvent.by(id(), type, source).in(caller.sessionId());
    }
}
