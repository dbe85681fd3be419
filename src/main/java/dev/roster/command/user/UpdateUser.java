package dev.roster.command.user;

import dev.roster.audit.AuditEvent;
import dev.roster.http.RequestSource;
import dev.roster.token.AccessToken;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The command to change a user.
 *
 * @param versions the versions that the user may have; null if any will do
 */
public record UpdateUser(
        AccessToken caller,
        UUID id,
        UserChanges changes,
        @Nullable List<Long> versions,
        RequestSource source) {

    /** An audit event of this command. */
    AuditEvent event(AuditEvent.Type type) {
        return AuditEvent.by(id, type, source).in(caller.sessionId());
    }
}
