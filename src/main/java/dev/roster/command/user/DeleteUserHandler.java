package dev.roster.command.user;

import dev.roster.audit.AuditEvent;
import dev.roster.command.caller.Ownership;
import dev.roster.token.revocation.RevokedTokens;
import dev.roster.user.RefusedException;
import org.jdbi.v3.core.Jdbi;

/** Deletes users with their sessions and, in the same transaction, revokes every token of theirs. Thread-safe. */
public final class DeleteUserHandler {
    private final Jdbi jdbi;
    private final Ownership ownership;
    private final UserDeletion deletion;
    private final RevokedTokens revoked;

    public DeleteUserHandler(Jdbi jdbi, Ownership ownership, UserDeletion deletion, RevokedTokens revoked) {
        this.jdbi = jdbi;
        this.ownership = ownership;
        this.deletion = deletion;
        this.revoked = revoked;
    }

    /** @throws RefusedException {@code INVALID_TOKEN}, {@code FORBIDDEN}, {@code NOT_FOUND}, {@code VERSION_CONFLICT} */
    public void handle(DeleteUser command) {
        ownership.require(command.caller(), command.id());
        AuditEvent event = AuditEvent.by(command.id(), AuditEvent.Type.DELETED, command.source())
                .in(command.caller().sessionId());
        revoked.add(jdbi.inTransaction(handle -> deletion.delete(handle, command.id(), command.versions(), event)
                .orElseThrow(() -> Missing.callerOrVersion(handle, command.id()))));
    }
}
