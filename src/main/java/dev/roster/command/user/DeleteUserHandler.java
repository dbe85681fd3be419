package dev.roster.command.user;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.command.account.Ownership;
import dev.roster.refusal.RefusedException;
import dev.roster.refusal.TokenFault;
import dev.roster.user.StoredUser;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Deletes the caller. Thread-safe. */
public final class DeleteUserHandler {
    private final Commands commands;
    private final Ownership ownership;
    private final UserDeletion deletion;

    public DeleteUserHandler(Commands commands, Ownership ownership, UserDeletion deletion) {
        this.commands = commands;
        this.ownership = ownership;
        this.deletion = deletion;
    }

    /**
     * @throws RefusedException {@code INVALID_TOKEN}, {@code FORBIDDEN}, {@code NOT_FOUND}, {@code VERSION_CONFLICT}
     */
    public void handle(DeleteUser command) {
        ownership.require(command.caller(), command.id());
        AuditEvent event = AuditEvent.by(command.id(), AuditEvent.Type.DELETED, command.source())
                .in(command.caller().sessionId());
        UUID unused = commands.run((handle, effects) -> {
            if (!deletion.delete(handle, effects, command.id(), condition(command), event)) {
                throw command.caller().refused(TokenFault.UNKNOWN_USER);
            }
            return command.id();
        });
    }

    private static @Nullable Consumer<StoredUser> condition(DeleteUser command) {
        return command.preconditions().isEmpty() ? null : command::requirePreconditions;
    }
}
