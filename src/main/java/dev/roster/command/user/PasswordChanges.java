package dev.roster.command.user;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.command.account.Ownership;
import dev.roster.command.account.PasswordChecks;
import dev.roster.limit.Guess;
import dev.roster.password.NewPassword;
import dev.roster.password.Password;
import dev.roster.password.PasswordPolicy;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Checks the current password before a new one replaces it. Thread-safe. */
final class PasswordChanges {
    private final Commands commands;
    private final PasswordPolicy policy;
    private final PasswordChecks passwords;

    PasswordChanges(Commands commands, PasswordPolicy policy, PasswordChecks passwords) {
        this.commands = commands;
        this.policy = policy;
        this.passwords = passwords;
    }

    /**
     * Checks the current password and hashes the new one.
     *
     * @return null if the command has no new password
     * @throws RefusedException {@code INVALID} if the new password is the name or address, {@code FORBIDDEN} if the
     *     current one is wrong, {@code INVALID_TOKEN}, {@code TOO_MANY_REQUESTS}, {@code UNAVAILABLE}
     */
    @Nullable
    PasswordChange verify(UpdateUser command) {
        NewPassword newPassword = command.changes().password();
        Password currentPassword = command.changes().currentPassword();
        return newPassword == null || currentPassword == null ? null : verify(command, newPassword, currentPassword);
    }

    private PasswordChange verify(UpdateUser command, NewPassword newPassword, Password currentPassword) {
        Credentials credentials = commands.statement(UserCommands.class, users -> users.credentials(command.id()))
                .orElseThrow(Ownership::callerGone);
        UserChanges changes = command.changes();
        String name =
                changes.name() == null ? credentials.name() : changes.name().value();
        String email =
                changes.email() == null ? credentials.email() : changes.email().value();
        String objection = policy.objection(newPassword, name, email);
        if (objection != null) {
            throw RefusedException.invalid("password", objection);
        }
        Guess guess = Guess.at(
                command.id(), command.caller().sessionId(), command.source().ip());
        PasswordChecks.Check check = passwords.check(guess, currentPassword, credentials.passwordHash(), newPassword);
        if (check.newHash() == null) {
            passwords.refuse(guess, command.event(AuditEvent.Type.PASSWORD_REFUSED));
            throw new RefusedException(Refusal.FORBIDDEN, "The current password is wrong.");
        }
        return new PasswordChange(check.newHash(), credentials.passwordHash(), guess, check);
    }

    /** Forgets wrong guesses at the password, in the transaction that changes it. */
    void accept(Handle handle, PasswordChange change) {
        passwords.accept(handle, change.guess(), change.check());
    }
}
