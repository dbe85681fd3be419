package dev.roster.command.user;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.command.account.AccountModule;
import dev.roster.command.account.PasswordChecks;
import dev.roster.command.account.RequestThreads;
import dev.roster.limit.Guess;
import dev.roster.mail.PasswordMails;
import dev.roster.password.PasswordPolicy;
import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.Reason;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.refusal.TokenFault;
import dev.roster.user.User;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Checks the current password before a change that needs it: a new password, or an address to prove. Thread-safe. */
final class CurrentPasswords {
    private static final Reason MISSING = Reason.of(ErrorCode.MISSING_WITH, "is required with email", List.of("email"));

    private final Commands commands;
    private final PasswordPolicy policy;
    private final PasswordChecks passwords;
    private final EmailChanges emails;
    private final PasswordMails mails;

    CurrentPasswords(Commands commands, AccountModule accounts, EmailChanges emails, PasswordMails mails) {
        this.commands = commands;
        this.policy = accounts.policy();
        this.passwords = accounts.passwords();
        this.emails = emails;
        this.mails = mails;
    }

    /** Returns true if the changes may need the current password. Asks no database. */
    boolean mayBeNeededFor(UserChanges changes) {
        return changes.password() != null || emails.mayNeedPassword(changes);
    }

    /**
     * Checks the current password, if the changes need it, and hashes the new one, if there is one.
     *
     * @param parts the parts of the command's request
     * @return empty if the changes do not need the password; or a {@link RefusedException}: {@code INVALID} if the
     *     current password is missing, or the new one is the name or address, {@code FORBIDDEN} if the current one is
     *     wrong, {@code INVALID_TOKEN}, {@code TOO_MANY_REQUESTS}, {@code UNAVAILABLE}
     */
    CompletableFuture<Optional<Verified>> verify(UpdateUser command, RequestThreads.Parts parts) {
        return parts.run(() -> begin(command))
                .thenCompose(begun -> begun.isEmpty()
                        ? CompletableFuture.completedFuture(Optional.empty())
                        : begun.get()
                                .check()
                                .thenCompose(check -> parts.run(() ->
                                        Optional.of(finish(command, begun.get().hash(), check)))));
    }

    private Optional<Begun> begin(UpdateUser command) {
        Credentials credentials = commands.read(UserCommands.class, users -> users.credentials(command.id()))
                .orElseThrow(() -> command.caller().refused(TokenFault.UNKNOWN_USER));
        UserChanges changes = command.changes();
        if (changes.password() == null && !emails.needPassword(changes, credentials.email())) {
            return Optional.empty();
        }
        requireFittingPassword(changes, credentials);
        if (changes.currentPassword() == null) {
            throw RefusedException.invalid("current_password", MISSING);
        }
        String hash = credentials.passwordHash();
        return Optional.of(
                new Begun(hash, passwords.check(guess(command), changes.currentPassword(), hash, changes.password())));
    }

    private void requireFittingPassword(UserChanges changes, Credentials credentials) {
        if (changes.password() == null) {
            return;
        }
        String name =
                changes.name() == null ? credentials.name() : changes.name().value();
        String email =
                changes.email() == null ? credentials.email() : changes.email().value();
        Reason objection = policy.objection(changes.password(), name, email);
        if (objection != null) {
            throw RefusedException.invalid("password", objection);
        }
    }

    private Verified finish(UpdateUser command, @Nullable String hash, PasswordChecks.Check check) {
        if (!check.isRight() || hash == null) {
            passwords.refuse(guess(command), command.event(AuditEvent.Type.PASSWORD_REFUSED));
            throw new RefusedException(Refusal.FORBIDDEN, "The current password is wrong.");
        }
        String newHash = command.changes().password() == null ? null : check.newHash();
        return new Verified(hash, newHash, guess(command), check);
    }

    private static Guess guess(UpdateUser command) {
        return Guess.at(
                command.id(), command.caller().sessionId(), command.source().ip());
    }

    /**
     * Forgets wrong guesses at the password, and tells the user of a new one. Call it in the transaction of the change.
     *
     * @param before the user before the change
     */
    void accept(Handle handle, Verified verified, User before) {
        if (verified.newHash() != null) {
            mails.tellChanged(handle, before.id(), before.email());
        }
        passwords.accept(handle, verified.guess(), verified.check());
    }

    /** A current password whose check has begun. */
    private record Begun(@Nullable String hash, CompletableFuture<PasswordChecks.Check> check) {
        @Override
        public String toString() {
            return "Begun[********]";
        }
    }

    /**
     * A current password that is right.
     *
     * @param hash the hash that it was checked against; the change is made only while the user has it
     * @param newHash the hash of the new password; null if it does not change
     */
    record Verified(String hash, @Nullable String newHash, Guess guess, PasswordChecks.Check check) {
        @Override
        public String toString() {
            return "Verified[********]";
        }
    }
}
