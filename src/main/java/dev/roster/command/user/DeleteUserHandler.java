package dev.roster.command.user;

import dev.roster.audit.AuditEvent;
import dev.roster.command.account.Ownership;
import dev.roster.refusal.RefusedException;
import dev.roster.revocation.RevokedTokens;
import java.util.UUID;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;

/** Deletes users with their sessions and, in the same transaction, revokes every token of theirs. Thread-safe. */
public final class DeleteUserHandler {
    private final Jdbi jdbi;
    private final Ownership ownership;
    private final UserDeletion deletion;
    private final RevokedTokens revoked;
    private final Consumer<UUID> changed;

    /** @param changed is told who was deleted, before that is answered */
    public DeleteUserHandler(
            Jdbi jdbi, Ownership ownership, UserDeletion deletion, RevokedTokens revoked, Consumer<UUID> changed) {
        this.jdbi = jdbi;
        this.ownership = ownership;
        this.deletion = deletion;
        this.revoked = revoked;
        this.changed = changed;
    }

    /** @throws RefusedException {@code INVALID_TOKEN}, {@code FORBIDDEN}, {@code NOT_FOUND}, {@code VERSION_CONFLICT} */
    public void handle(DeleteUser command) {
        ownership.require(command.caller(), command.id());
        AuditEvent event = AuditEvent.by(command.id(), AuditEvent.Type.DELETED, command.source())
                .in(command.caller().sessionId());
        revoked.add(jdbi.inTransaction(handle -> deletion.delete(handle, command.id(), command.versions(), event)
                .orElseThrow(() -> Missing.callerOrVersion(handle, command.id()))));
        changed.accept(command.id());
    }
}
