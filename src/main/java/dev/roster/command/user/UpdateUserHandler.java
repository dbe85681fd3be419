package dev.roster.command.user;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.command.Effects;
import dev.roster.command.account.Ownership;
import dev.roster.command.account.RequestThreads;
import dev.roster.command.session.SessionCommands;
import dev.roster.command.session.SessionEnding;
import dev.roster.command.user.UserUpdates.Updated;
import dev.roster.limit.Bucket;
import dev.roster.limit.LimitKeys;
import dev.roster.profile.MergedObject;
import dev.roster.refusal.InvalidMember;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.refusal.TokenFault;
import dev.roster.user.EmailAddress;
import dev.roster.user.Roles;
import dev.roster.user.StoredUser;
import java.util.List;
import java.util.Optional;
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
    private final Bucket limit;
    private final RequestThreads threads;

    /** @param limit how often one person may change the account */
    UpdateUserHandler(
            Commands commands,
            Ownership ownership,
            PasswordChanges passwords,
            SessionEnding ending,
            Bucket limit,
            RequestThreads threads) {
        this.commands = commands;
        this.ownership = ownership;
        this.passwords = passwords;
        this.ending = ending;
        this.limit = limit;
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
        limit.throwIfRecentlyRefused(subject(command));
        if (command.changes().password() == null) {
            return CompletableFuture.completedFuture(change(command, null));
        }
        RequestThreads.Parts parts = threads.partsOf(command.source());
        return passwords.verify(command, parts).thenCompose(password -> parts.run(() -> change(command, password)));
    }

    /** Changes with a new password are counted apart, so that others cannot use them up. */
    private static String subject(UpdateUser command) {
        return command.changes().password() == null ? command.id().toString() : LimitKeys.newPassword(command.id());
    }

    private StoredUser change(UpdateUser command, @Nullable PasswordChange password) {
        return EmailTaken.unless(() -> commands.run((handle, effects) -> {
            if (limit.take(handle, subject(command)).isEmpty()) {
                effects.record(AuditEvent.against(command.id(), AuditEvent.Type.LIMIT_HIT, command.source())
                        .in(command.caller().sessionId())
                        .with(limit.name()));
            }
            Locked locked = lock(handle, command);
            if (locked.user() != null && locked.refusal() != null) {
                effects.refuse(locked.refusal());
                return locked.user();
            }
            Optional<Updated> updated = update(handle, command, password, locked.profile());
            if (updated.isEmpty()) {
                return unchanged(handle, effects, command, password);
            }
            effects.changed(command.id());
            String details = updated.get().details();
            if (!details.isEmpty()) {
                effects.record(command.event(AuditEvent.Type.DETAILS_CHANGED).with(details));
            }
            if (locked.user() != null && !updated.get().user().hasAddressOf(locked.user())) {
                passwords.tellMoved(handle, locked.user().user());
            }
            if (password != null) {
                effects.record(command.event(AuditEvent.Type.PASSWORD_CHANGED));
                endOtherSessions(handle, effects, command);
                // If no user was locked, the change leaves the address as it was.
                StoredUser before = locked.user() == null ? updated.get().user() : locked.user();
                passwords.accept(handle, password, before.user());
            }
            return updated.get().user();
        }));
    }

    /**
     * Locks the user, and the present owner of a new address. Merges a change to the profile. If nothing depends on the
     * user, the update's own lock suffices. The change is refused if a precondition does not hold, the change does not
     * fit the user, or the new address is taken.
     */
    private static Locked lock(Handle handle, UpdateUser command) {
        EmailAddress email = command.changes().email();
        boolean isConditional =
                !command.preconditions().isEmpty() || command.changes().dependOnTheUser();
        if (email == null && !isConditional) {
            return Locked.NOTHING;
        }
        List<StoredUser> locked =
                handle.attach(UserCommands.class).lock(command.id(), email == null ? null : email.value());
        for (StoredUser stored : locked) {
            if (stored.user().id().equals(command.id())) {
                return check(command, stored, locked.size() > 1);
            }
        }
        return Locked.NOTHING;
    }

    private static Locked check(UpdateUser command, StoredUser stored, boolean isEmailTaken) {
        try {
            if (!command.changes().isRoleAllowed(stored.user())) {
                throw Roles.notSelfAssignable();
            }
            command.preconditions().require(command.path().validators(stored));
            List<InvalidMember> invalid = command.changes().changedReadOnlyMembers(stored);
            if (!invalid.isEmpty()) {
                throw RefusedException.invalid(invalid);
            }
            MergedObject profile = command.changes().mergeProfile(stored.user());
            if (isEmailTaken) {
                throw EmailTaken.refusal();
            }
            return new Locked(stored, null, profile);
        } catch (RefusedException refusal) {
            return new Locked(stored, refusal, null);
        }
    }

    private static Optional<Updated> update(
            Handle handle, UpdateUser command, @Nullable PasswordChange password, @Nullable MergedObject profile) {
        UserChanges changes = command.changes();
        return handle.attach(UserUpdates.class)
                .update(
                        command.id(),
                        changes.name() == null ? null : changes.name().value(),
                        changes.email() == null ? null : changes.email().value(),
                        changes.role() == null ? null : changes.role().role().value(),
                        password == null ? null : password.newHash(),
                        password == null ? null : password.verifiedHash(),
                        profile == null ? null : profile.object().text(),
                        profile == null ? null : profile.details());
    }

    /** The user, of whom the update changed nothing. */
    private static StoredUser unchanged(
            Handle handle, Effects effects, UpdateUser command, @Nullable PasswordChange password) {
        // Empty also if an operator has closed the account meanwhile.
        StoredUser stored = handle.attach(UserCommands.class)
                .lockOpen(command.id())
                .orElseThrow(() -> command.caller().refused(TokenFault.UNKNOWN_USER));
        if (password != null) {
            effects.refuse(new RefusedException(
                    Refusal.VERSION_CONFLICT, "The password was changed while this request was checked."));
        }
        return stored;
    }

    private void endOtherSessions(Handle handle, Effects effects, UpdateUser command) {
        UUID sessionId = command.caller().sessionId();
        if (sessionId != null && !handle.attach(SessionCommands.class).exists(sessionId)) {
            throw command.caller().refused(TokenFault.UNKNOWN_SESSION); // it ended while the password was hashed
        }
        AuditEvent event = command.event(AuditEvent.Type.SESSION_ENDED).with(PASSWORD_CHANGED);
        List<UUID> unused = ending.endOthers(handle, effects, command.id(), sessionId, event, PASSWORD_CHANGED);
    }

    /**
     * The result of the checks that a change makes under the user's lock.
     *
     * @param user null if nothing was locked, or there is no such user
     * @param refusal why the change is refused, after the commit, so that the limit counts it; null if it is not
     * @param profile the changed profile; null if it does not change
     */
    private record Locked(
            @Nullable StoredUser user,
            @Nullable RefusedException refusal,
            @Nullable MergedObject profile) {
        private static final Locked NOTHING = new Locked(null, null, null);
    }
}
