package dev.roster.command.user;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.command.Effects;
import dev.roster.command.account.AccountModule;
import dev.roster.command.account.Ownership;
import dev.roster.command.account.RequestThreads;
import dev.roster.command.session.SessionCommands;
import dev.roster.command.session.SessionEnding;
import dev.roster.command.user.CurrentPasswords.Verified;
import dev.roster.command.user.EmailChanges.Addressee;
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
import dev.roster.user.User;
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
    private final CurrentPasswords passwords;
    private final EmailChanges emails;
    private final SessionEnding ending;
    private final Bucket limit;
    private final RequestThreads threads;

    UpdateUserHandler(
            Commands commands,
            AccountModule accounts,
            CurrentPasswords passwords,
            EmailChanges emails,
            SessionEnding ending) {
        this.commands = commands;
        this.ownership = accounts.ownership();
        this.passwords = passwords;
        this.emails = emails;
        this.ending = ending;
        this.limit = accounts.changes();
        this.threads = accounts.threads();
    }

    /**
     * Changes the caller: at once, unless the change may need the current password.
     *
     * @return the user; or a {@link RefusedException} as below, {@code TOO_MANY_REQUESTS}, {@code UNAVAILABLE}
     * @throws RefusedException {@code INVALID_TOKEN}, {@code FORBIDDEN}, {@code NOT_FOUND}, {@code EMAIL_TAKEN}, {@code
     *     VERSION_CONFLICT}, {@code INVALID}
     */
    public CompletableFuture<StoredUser> handle(UpdateUser command) {
        ownership.require(command.caller(), command.id());
        limit.throwIfRecentlyRefused(subject(command));
        if (!passwords.mayBeNeededFor(command.changes())) {
            return CompletableFuture.completedFuture(change(command, null));
        }
        RequestThreads.Parts parts = threads.partsOf(command.source());
        return passwords
                .verify(command, parts)
                .thenCompose(verified -> parts.run(() -> change(command, verified.orElse(null))));
    }

    /** Changes with a new password are counted apart, so that others cannot use them up. */
    private static String subject(UpdateUser command) {
        return command.changes().password() == null ? command.id().toString() : LimitKeys.newPassword(command.id());
    }

    private StoredUser change(UpdateUser command, @Nullable Verified verified) {
        return EmailTaken.unless(() -> commands.run((handle, effects) -> {
            if (limit.take(handle, subject(command)).isEmpty()) {
                effects.record(AuditEvent.against(command.id(), AuditEvent.Type.LIMIT_HIT, command.source())
                        .in(command.caller().sessionId())
                        .with(limit.name()));
            }
            Locked locked = lock(handle, effects, command, verified);
            if (locked.user() != null && locked.refusal() != null) {
                effects.refuse(locked.refusal());
                return locked.user();
            }
            Optional<Updated> updated = update(handle, command, verified, locked);
            if (updated.isEmpty()) {
                return unchanged(handle, effects, command, verified);
            }
            if (verified != null || command.changes().email() != null) {
                requireSession(handle, command);
            }
            StoredUser after = updated.get().user();
            effects.changed(command.id());
            String details = updated.get().details();
            if (!details.isEmpty()) {
                effects.record(command.event(AuditEvent.Type.DETAILS_CHANGED).with(details));
            }
            if (verified != null) {
                // If no user was locked, the change leaves the address as it was.
                acceptPassword(handle, effects, command, verified, locked.user() == null ? after : locked.user());
            }
            if (command.changes().email() != null && locked.user() != null) {
                emails.tell(handle, effects, command, locked.user(), after, locked.addressee());
            }
            return after;
        }));
    }

    /** Refuses a change whose session ended while the password was checked, or while another change had the lock. */
    private static void requireSession(Handle handle, UpdateUser command) {
        UUID sessionId = command.caller().sessionId();
        if (sessionId != null && !handle.attach(SessionCommands.class).exists(sessionId)) {
            throw command.caller().refused(TokenFault.UNKNOWN_SESSION);
        }
    }

    private void acceptPassword(
            Handle handle, Effects effects, UpdateUser command, Verified verified, StoredUser before) {
        UUID sessionId = command.caller().sessionId();
        if (verified.newHash() != null) {
            effects.record(command.event(AuditEvent.Type.PASSWORD_CHANGED));
            AuditEvent event = command.event(AuditEvent.Type.SESSION_ENDED).with(PASSWORD_CHANGED);
            List<UUID> unused = ending.endOthers(handle, effects, command.id(), sessionId, event, PASSWORD_CHANGED);
        }
        passwords.accept(handle, verified, before.user());
    }

    /**
     * Locks the user, and the present owner of a new address. Merges a change to the profile. If nothing depends on the
     * user, the update's own lock suffices. The change is refused if a precondition does not hold, the change does not
     * fit the user, or the new address is taken and may be called so.
     */
    private Locked lock(Handle handle, Effects effects, UpdateUser command, @Nullable Verified verified) {
        EmailAddress email = command.changes().email();
        boolean isConditional =
                !command.preconditions().isEmpty() || command.changes().dependOnTheUser();
        if (email == null && !isConditional) {
            return Locked.NOTHING;
        }
        StoredUser user = null;
        User emailOwner = null;
        for (StoredUser stored :
                handle.attach(UserCommands.class).lock(command.id(), email == null ? null : email.value())) {
            if (stored.user().id().equals(command.id())) {
                user = stored;
            } else {
                emailOwner = stored.user();
            }
        }
        return user == null ? Locked.NOTHING : check(handle, effects, command, user, emailOwner, verified);
    }

    private Locked check(
            Handle handle,
            Effects effects,
            UpdateUser command,
            StoredUser stored,
            @Nullable User emailOwner,
            @Nullable Verified verified) {
        UserChanges changes = command.changes();
        try {
            if (!changes.isRoleAllowed(stored.user())) {
                throw Roles.notSelfAssignable();
            }
            command.preconditions().require(command.path().ownValidators(stored));
            List<InvalidMember> invalid = changes.changedReadOnlyMembers(stored);
            if (!invalid.isEmpty()) {
                throw RefusedException.invalid(invalid);
            }
            MergedObject profile = changes.mergeProfile(stored.user());
            if (verified == null && emails.needPassword(changes, stored.user().email())) {
                throw changedMeanwhile();
            }
            if (emailOwner != null && !emails.hideOwner()) {
                throw EmailTaken.refusal();
            }
            return new Locked(stored, emails.count(handle, effects, command, stored, emailOwner), null, profile);
        } catch (RefusedException refusal) {
            return new Locked(stored, Addressee.NOBODY, refusal, null);
        }
    }

    private static RefusedException changedMeanwhile() {
        return new RefusedException(
                Refusal.VERSION_CONFLICT, "The password or the address was changed while this request was checked.");
    }

    private Optional<Updated> update(Handle handle, UpdateUser command, @Nullable Verified verified, Locked locked) {
        UserChanges changes = command.changes();
        EmailChanges.Decision addresses = emails.decide(changes, locked.user());
        MergedObject profile = locked.profile();
        return handle.attach(UserUpdates.class)
                .update(
                        command.id(),
                        changes.name() == null ? null : changes.name().value(),
                        addresses.email(),
                        addresses.pending(),
                        addresses.replacesPending(),
                        changes.role() == null ? null : changes.role().role().value(),
                        verified == null ? null : verified.newHash(),
                        verified == null ? null : verified.hash(),
                        profile == null ? null : profile.object().text(),
                        profile == null ? null : profile.details());
    }

    /** The user, of whom the update changed nothing. */
    private static StoredUser unchanged(
            Handle handle, Effects effects, UpdateUser command, @Nullable Verified verified) {
        // Empty also if an operator has closed the account meanwhile.
        StoredUser stored = handle.attach(UserCommands.class)
                .lockOpen(command.id())
                .orElseThrow(() -> command.caller().refused(TokenFault.UNKNOWN_USER));
        if (verified != null) {
            effects.refuse(changedMeanwhile());
        }
        return stored;
    }

    /**
     * The result of the checks that a change makes under the user's lock.
     *
     * @param user null if nothing was locked, or there is no such user
     * @param addressee of the mail to the new address
     * @param refusal why the change is refused, after the commit, so that the limit counts it; null if it is not
     * @param profile the changed profile; null if it does not change
     */
    private record Locked(
            @Nullable StoredUser user,
            Addressee addressee,
            @Nullable RefusedException refusal,
            @Nullable MergedObject profile) {
        private static final Locked NOTHING = new Locked(null, Addressee.NOBODY, null, null);
    }
}
