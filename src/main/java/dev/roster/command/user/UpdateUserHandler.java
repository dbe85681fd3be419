package dev.roster.command.user;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.command.Effects;
import dev.roster.command.account.Ownership;
import dev.roster.command.account.RequestThreads;
import dev.roster.command.session.SessionCommands;
import dev.roster.command.session.SessionEnding;
import dev.roster.refusal.RefusedException;
import dev.roster.user.StoredUser;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Changes the caller. A new password ends every session except the caller's (ASVS 7.4.3). Thread-safe. */
public final class UpdateUserHandler {
    private static final String PASSWORD_CHANGED = "password_changed";

    private final Commands commands;
    private final Ownership ownership;
    private final PasswordChanges passwords;
    private final SessionEnding ending;
    private final RequestThreads threads;

    UpdateUserHandler(
            Commands commands,
            Ownership ownership,
            PasswordChanges passwords,
            SessionEnding ending,
            RequestThreads threads) {
        this.commands = commands;
        this.ownership = ownership;
        this.passwords = passwords;
        this.ending = ending;
        this.threads = threads;
    }

    /**
     * Changes the caller: at once, unless the password changes.
     *
     * @return the user; or a {@link RefusedException} as below, {@code TOO_MANY_REQUESTS}, {@code UNAVAILABLE}
     * @throws RefusedException {@code INVALID_TOKEN}, {@code FORBIDDEN}, {@code NOT_FOUND}, {@code EMAIL_TAKEN}, {@code
     *     VERSION_CONFLICT}, {@code INVALID}
     */
    public CompletableFuture<StoredUser> handle(UpdateUser command) {
        ownership.require(command.caller(), command.id());
        if (command.changes().password() == null) {
            return CompletableFuture.completedFuture(change(command, null));
        }
        RequestThreads.Parts parts = threads.partsOf(command.source());
        return passwords.verify(command, parts).thenCompose(password -> parts.run(() -> change(command, password)));
    }

    private StoredUser change(UpdateUser command, @Nullable PasswordChange password) {
        return EmailTaken.unless(() -> commands.run((handle, effects) -> {
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
        }));
    }

    private static StoredUser update(Handle handle, UpdateUser command, @Nullable PasswordChange password) {
        UserChanges changes = command.changes();
        if (changes.email() != null) {
            List<UUID> unused = handle.attach(UserCommands.class)
                    .lockForNewEmail(command.id(), changes.email().value());
        }
        return handle.attach(UserUpdates.class)
                .update(
                        command.id(),
                        changes.name() == null ? null : changes.name().value(),
                        changes.email() == null ? null : changes.email().value(),
                        changes.role() == null ? null : changes.role().value(),
                        password == null ? null : password.newHash(),
                        password == null ? null : password.verifiedHash(),
                        command.versions())
                .orElseThrow(() -> Ownership.notMatched(handle, command.id()));
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
