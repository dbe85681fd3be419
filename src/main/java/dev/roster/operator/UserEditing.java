package dev.roster.operator;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.command.Effects;
import dev.roster.command.registration.UserCreation;
import dev.roster.command.session.SessionEnding;
import dev.roster.command.user.EmailTaken;
import dev.roster.command.user.UserCommands;
import dev.roster.mail.AddressMails;
import dev.roster.mail.MailModule;
import dev.roster.mail.PasswordMails;
import dev.roster.query.OperatorReads;
import dev.roster.query.OperatorUser;
import dev.roster.refusal.RefusedException;
import dev.roster.user.StoredUser;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Changes users for operators. A new password ends all sessions, and completes a required reset. A new address counts
 * as not proven. Both end a pending change of the address. Thread-safe.
 */
public final class UserEditing {
    private static final String PASSWORD_CHANGED = "password_changed";

    private final Commands commands;
    private final SessionEnding ending;
    private final UserCreation creation;
    private final Hashing hashing;
    private final PasswordMails passwordMails;
    private final AddressMails addressMails;

    UserEditing(Commands commands, SessionEnding ending, UserCreation creation, Hashing hashing, MailModule mail) {
        this.commands = commands;
        this.ending = ending;
        this.creation = creation;
        this.hashing = hashing;
        this.passwordMails = mail.passwordMails();
        this.addressMails = mail.addressMails();
    }

    /**
     * Changes a user, and hashes a new password on this thread.
     *
     * @throws RefusedException {@code NOT_FOUND}, {@code EMAIL_TAKEN}, {@code INVALID} if the policy rejects the
     *     password for this name or address
     */
    public OperatorUser edit(Operator operator, UserReference user, UserEdit edit) {
        UUID id = commands.run((handle, effects) -> user.resolve(handle));
        requireFittingPassword(id, edit);
        return edit(operator, id, edit, stored -> {}, hashing.now(edit.password()));
    }

    /**
     * The same for a request, which occupies no thread while the password is hashed.
     *
     * @param condition takes the user as stored; throws if it must not be changed
     * @return the user; or {@code UNAVAILABLE}, what the condition throws, or a refusal as above
     */
    public CompletableFuture<OperatorUser> editLater(
            Operator operator, UUID id, UserEdit edit, Consumer<StoredUser> condition) {
        return hashing.later(
                operator,
                edit.password(),
                () -> requireFittingPassword(id, edit),
                hash -> edit(operator, id, edit, condition, hash));
    }

    /** Checks a new password against the name and the address that the user will have. */
    private void requireFittingPassword(UUID id, UserEdit edit) {
        if (edit.password() == null) {
            return;
        }
        var credentials = commands.read(UserCommands.class, users -> users.credentials(id))
                .orElseThrow(UserReference::unknownId);
        String name = edit.name() == null ? credentials.name() : edit.name().value();
        String email = edit.email() == null ? credentials.email() : edit.email().value();
        creation.requireFittingPassword(edit.password(), name, email);
    }

    private OperatorUser edit(
            Operator operator, UUID id, UserEdit edit, Consumer<StoredUser> condition, @Nullable String passwordHash) {
        return EmailTaken.unless(() -> commands.run((handle, effects) -> {
            List<StoredUser> locked = handle.attach(UserCommands.class).lock(id, edit.emailText());
            StoredUser stored = locked.stream()
                    .filter(one -> one.user().id().equals(id))
                    .findAny()
                    .orElseThrow(UserReference::unknownId);
            condition.accept(stored);
            if (locked.size() > 1) {
                throw EmailTaken.refusal();
            }
            Optional<Edited> edited = update(handle, id, edit, passwordHash, EditedObjects.of(handle, stored, edit));
            edited.ifPresent(change -> record(handle, effects, operator, change, passwordHash != null));
            if (edited.isPresent() && !edited.get().user().hasAddressOf(stored)) {
                addressMails.tellChangedByOperator(handle, stored.user());
            }
            if (passwordHash != null) {
                passwordMails.tellChanged(handle, id, stored.user().email());
            }
            return OperatorReads.find(handle, id).orElseThrow();
        }));
    }

    /** Sets the values that are not null, unless the user has them all. A password counts as new. The row is locked. */
    private static Optional<Edited> update(
            Handle handle, UUID id, UserEdit edit, @Nullable String passwordHash, EditedObjects objects) {
        return handle.createQuery("""
                        UPDATE users
                           SET name = coalesce(:name, users.name),
                               email = coalesce(:email, users.email),
                               email_verified_at = CASE WHEN lower(:email COLLATE "C") <> email_key THEN NULL
                                                        ELSE email_verified_at END,
                               pending_email = CASE WHEN :passwordHash::text IS NULL
                                                         AND (:email = old.email) IS NOT FALSE
                                                    THEN users.pending_email END,
                               role = coalesce(:role, users.role),
                               password_hash = coalesce(:passwordHash, password_hash),
                               password_reset_required_at =
                                   CASE WHEN :passwordHash::text IS NULL THEN password_reset_required_at END,
                               profile = coalesce(:profile::jsonb, profile),
                               metadata = coalesce(:metadata::jsonb, metadata),
                               version = version + 1,
                               updated_at = greatest(now(), updated_at + interval '1 microsecond')
                          FROM (SELECT id, name, email, role FROM users WHERE id = :id) AS old
                         WHERE users.id = old.id
                           AND (:passwordHash::text IS NOT NULL OR :objectDetails::text IS NOT NULL
                                OR :name <> old.name OR :email <> old.email OR :role <> old.role)
                        RETURNING concat_ws(',', CASE WHEN users.name <> old.name THEN 'name' END,
                                            CASE WHEN users.email <> old.email THEN 'email' END,
                                            CASE WHEN users.role <> old.role THEN 'role' END,
                                            :objectDetails::text) AS details,""" + StoredUser.COLUMNS)
                .bind("id", id)
                .bind("name", edit.nameText())
                .bind("email", edit.emailText())
                .bind("role", edit.roleText())
                .bind("passwordHash", passwordHash)
                .bind("profile", objects.profileText())
                .bind("metadata", objects.metadataText())
                .bind("objectDetails", objects.details())
                .map((row, context) -> new Edited(StoredUser.read(row), row.getString("details")))
                .findOne();
    }

    private void record(Handle handle, Effects effects, Operator operator, Edited edited, boolean hasNewPassword) {
        UUID id = edited.user().user().id();
        effects.changed(id);
        if (!edited.details().isEmpty()) {
            AuditEvent event = operator.event(AuditEvent.Type.DETAILS_CHANGED, id);
            effects.record(event.with(event.details() + "," + edited.details()));
        }
        if (hasNewPassword) {
            effects.record(operator.event(AuditEvent.Type.PASSWORD_CHANGED, id));
            AuditEvent event = operator.event(AuditEvent.Type.SESSION_ENDED, id);
            List<UUID> unused = ending.endOthers(handle, effects, id, null, event, PASSWORD_CHANGED);
        }
    }

    /** @param details the names of the members that changed, other than the password, separated by commas */
    private record Edited(StoredUser user, String details) {}
}
