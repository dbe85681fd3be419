package dev.roster.command.user;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.command.account.PasswordChecks;
import dev.roster.command.account.RequestThreads;
import dev.roster.limit.Guess;
import dev.roster.mail.PasswordMails;
import dev.roster.password.NewPassword;
import dev.roster.password.Password;
import dev.roster.password.PasswordPolicy;
import dev.roster.refusal.Reason;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.refusal.TokenFault;
import dev.roster.user.User;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Handle;

/** Checks the current password before a new one replaces it. Thread-safe. */
final class PasswordChanges {
    private final Commands commands;
    private final PasswordPolicy policy;
    private final PasswordChecks passwords;
    private final PasswordMails mails;

    PasswordChanges(Commands commands, PasswordPolicy policy, PasswordChecks passwords, PasswordMails mails) {
        this.commands = commands;
        this.policy = policy;
        this.passwords = passwords;
        this.mails = mails;
    }

    /**
     * Checks the current password and hashes the new one.
     *
     * @param command has a new password
     * @param parts the parts of the command's request
     * @return the change; or a {@link RefusedException}: {@code INVALID} if the new password is the name or address,
     *     {@code FORBIDDEN} if the current one is wrong, {@code INVALID_TOKEN}, {@code TOO_MANY_REQUESTS}, {@code
     *     UNAVAILABLE}
     */
    CompletableFuture<PasswordChange> verify(UpdateUser command, RequestThreads.Parts parts) {
        return parts.run(() -> begin(command)).thenCompose(begun -> begun.check()
                .thenCompose(check -> parts.run(() -> finish(command, begun.credentials(), check))));
    }

    private Begun begin(UpdateUser command) {
        Credentials credentials = commands.statement(UserCommands.class, users -> users.credentials(command.id()))
                .orElseThrow(() -> command.caller().refused(TokenFault.UNKNOWN_USER));
        UserChanges changes = command.changes();
        NewPassword newPassword = Objects.requireNonNull(changes.password());
        String name =
                changes.name() == null ? credentials.name() : changes.name().value();
        String email =
                changes.email() == null ? credentials.email() : changes.email().value();
        Reason objection = policy.objection(newPassword, name, email);
        if (objection != null) {
            throw RefusedException.invalid("password", objection);
        }
        Password current = Objects.requireNonNull(changes.currentPassword());
        return new Begun(
                credentials, passwords.check(guess(command), current, credentials.passwordHash(), newPassword));
    }

    private PasswordChange finish(UpdateUser command, Credentials credentials, PasswordChecks.Check check) {
        if (check.newHash() == null || credentials.passwordHash() == null) {
            passwords.refuse(guess(command), command.event(AuditEvent.Type.PASSWORD_REFUSED));
            throw new RefusedException(Refusal.FORBIDDEN, "The current password is wrong.");
        }
        return new PasswordChange(check.newHash(), credentials.passwordHash(), guess(command), check);
    }

    private static Guess guess(UpdateUser command) {
        return Guess.at(
                command.id(), command.caller().sessionId(), command.source().ip());
    }

    /**
     * Tells the user of the change, and forgets wrong guesses at the password. Call it in the transaction that changes
     * the password.
     *
     * @param before the user before the change
     */
    void accept(Handle handle, PasswordChange change, User before) {
        mails.tellChanged(handle, before.id(), before.email());
        passwords.accept(handle, change.guess(), change.check());
    }

    /** Tells the user, at the address of before, that the account has another one. The links sent there end. */
    void tellMoved(Handle handle, User before) {
        mails.tellMoved(handle, before.id(), before.email());
    }

    /** A current password whose check has begun. */
    private record Begun(Credentials credentials, CompletableFuture<PasswordChecks.Check> check) {}
}
