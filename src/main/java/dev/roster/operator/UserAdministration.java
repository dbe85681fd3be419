package dev.roster.operator;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.command.registration.RegisterUser;
import dev.roster.command.registration.UserCreation;
import dev.roster.command.session.SessionCommands;
import dev.roster.command.session.SessionEnding;
import dev.roster.command.user.UserDeletion;
import dev.roster.id.Ids;
import dev.roster.password.PasswordHasher;
import dev.roster.refusal.RefusedException;
import java.util.UUID;

/** Operations on users for operators. Thread-safe. */
public final class UserAdministration {
    private final Commands commands;
    private final UserCreation creation;
    private final UserDeletion deletion;
    private final SessionEnding ending;
    private final PasswordHasher hasher;
    private final Ids ids;

    public UserAdministration(
            Commands commands,
            UserCreation creation,
            UserDeletion deletion,
            SessionEnding ending,
            PasswordHasher hasher,
            Ids ids) {
        this.commands = commands;
        this.creation = creation;
        this.deletion = deletion;
        this.ending = ending;
        this.hasher = hasher;
        this.ids = ids;
    }

    /** The operator of one command at a shell. */
    public Operator atShell() {
        return Operator.atShell(ids);
    }

    /**
     * Adds a user, and returns the id.
     *
     * @throws RefusedException {@code INVALID} if the policy rejects the password for this name or address, {@code
     *     EMAIL_TAKEN}
     */
    public UUID create(Operator operator, RegisterUser user) {
        creation.requireFittingPassword(user);
        UUID id = ids.next();
        creation.create(id, user, hasher.hash(user.password()), operator.event(AuditEvent.Type.REGISTERED, id));
        return id;
    }

    /**
     * Deletes a user, and returns the id.
     *
     * @throws RefusedException {@code NOT_FOUND}
     */
    public UUID delete(Operator operator, UserReference user) {
        return commands.run((handle, effects) -> {
            UUID id = user.resolve(handle);
            AuditEvent event = operator.event(AuditEvent.Type.DELETED, id);
            if (!deletion.delete(handle, effects, id, null, event)) {
                throw UserReference.unknownId();
            }
            return id;
        });
    }

    /**
     * Ends every session that a user has at this moment.
     *
     * @throws RefusedException {@code NOT_FOUND}
     */
    public EndedSessions endSessions(Operator operator, UserReference user) {
        return commands.run((handle, effects) -> {
            UUID id = user.resolve(handle);
            if (handle.attach(SessionCommands.class).lockUser(id).isEmpty()) {
                throw UserReference.unknownId();
            }
            AuditEvent event = operator.event(AuditEvent.Type.SESSION_ENDED, id);
            int count = ending.endOthers(handle, effects, id, null, event, SessionEnding.REASON)
                    .size();
            return new EndedSessions(id, count);
        });
    }

    /** @param count how many sessions were ended */
    public record EndedSessions(UUID userId, int count) {}
}
