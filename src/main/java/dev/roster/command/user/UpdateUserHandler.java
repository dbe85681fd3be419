package dev.roster.command.user;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.command.Effects;
import dev.roster.command.account.Ownership;
import dev.roster.command.session.SessionCommands;
import dev.roster.command.session.SessionEnding;
import dev.roster.http.condition.Validators;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.user.EmailAddress;
import dev.roster.user.StoredUser;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Changes the caller. A new password ends every session except the caller's (ASVS 7.4.3). Thread-safe. */
public final class UpdateUserHandler {
    private static final String PASSWORD_CHANGED = "password_changed";

    private final Commands commands;
    private final Ownership ownership;
    private final PasswordChanges passwords;
    private final SessionEnding ending;

    UpdateUserHandler(Commands commands, Ownership ownership, PasswordChanges passwords, SessionEnding ending) {
        this.commands = commands;
        this.ownership = ownership;
        this.passwords = passwords;
        this.ending = ending;
    }

    /**
     * @throws RefusedException {@code INVALID_TOKEN}, {@code FORBIDDEN}, {@code NOT_FOUND}, {@code EMAIL_TAKEN}, {@code
     *     VERSION_CONFLICT}, {@code INVALID}, {@code TOO_MANY_REQUESTS}, {@code UNAVAILABLE}
     */
    public StoredUser handle(UpdateUser command) {
        ownership.require(command.caller(), command.id());
        PasswordChange password = passwords.verify(command);
        return EmailTaken.unless(() -> commands.run((handle, effects) -> {
            StoredUser stored = lock(handle, command);
            command.preconditions().require(Validators.of(stored));
            UserChanges changes = command.changes().relativeTo(stored.user());
            return changes.isEmpty() ? stored : update(handle, effects, command.with(changes), password);
        }));
    }

    private static StoredUser lock(Handle handle, UpdateUser command) {
        EmailAddress email = command.changes().email();
        return handle.attach(UserCommands.class).lock(command.id(), email == null ? null : email.value()).stream()
                .filter(stored -> stored.user().id().equals(command.id()))
                .findAny()
                .orElseThrow(Ownership::callerGone);
    }

    private StoredUser update(Handle handle, Effects effects, UpdateUser command, @Nullable PasswordChange password) {
        StoredUser updated = update(handle, command, password);
        effects.changed(command.id());
        String details = command.changes().detailNames();
        if (!details.isEmpty()) {
            effects.record(command.event(AuditEvent.Type.DETAILS_CHANGED).with(details));
        }
        if (password != null) {
            effects.record(command.event(AuditEvent.Type.PASSWORD_CHANGED));
            endOtherSessions(handle, effects, command);
            passwords.accept(handle, password);
        }
        return updated;
    }

    private static StoredUser update(Handle handle, UpdateUser command, @Nullable PasswordChange password) {
        UserChanges changes = command.changes();
        return handle.attach(UserUpdates.class)
                .update(
                        command.id(),
                        changes.name() == null ? null : changes.name().value(),
                        changes.email() == null ? null : changes.email().value(),
                        changes.role() == null ? null : changes.role().value(),
                        password == null ? null : password.newHash(),
                        password == null ? null : password.verifiedHash())
                .orElseThrow(() -> new RefusedException(
                        Refusal.VERSION_CONFLICT, "The password was changed while this request was checked."));
    }

    private void endOtherSessions(Handle handle, Effects effects, UpdateUser command) {
        UUID sessionId = command.caller().sessionId();
        if (sessionId != null && !handle.attach(SessionCommands.class).exists(sessionId)) {
            throw Ownership.callerGone(); // the session ended while the password was hashed
        }
        AuditEvent event = command.event(AuditEvent.Type.SESSION_ENDED).with(PASSWORD_CHANGED);
        List<UUID> unused = ending.endOthers(handle, effects, command.id(), sessionId, event, PASSWORD_CHANGED);
    }
}
