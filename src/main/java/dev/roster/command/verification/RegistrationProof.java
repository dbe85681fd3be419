package dev.roster.command.verification;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.command.account.PasswordChecks;
import dev.roster.command.user.EmailTaken;
import dev.roster.http.RequestSource;
import dev.roster.limit.Guess;
import dev.roster.mail.token.InvalidToken;
import dev.roster.mail.token.MailTokens;
import dev.roster.mail.token.PendingToken;
import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.Reason;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.user.EmailAddress;
import dev.roster.user.StoredUser;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Handle;

/**
 * Makes a pending registration a user. The token proves the address, and the password proves that the same person has
 * registered: others may have registered with the address, too. Thread-safe.
 */
final class RegistrationProof {
    private final Commands commands;
    private final MailTokens tokens;
    private final PasswordChecks passwords;

    RegistrationProof(Commands commands, MailTokens tokens, PasswordChecks passwords) {
        this.commands = commands;
        this.tokens = tokens;
        this.passwords = passwords;
    }

    /**
     * Begins the check of the password.
     *
     * @throws RefusedException {@code INVALID} if the token does not work or the password is missing, {@code
     *     TOO_MANY_REQUESTS}
     */
    Attempt begin(ConfirmVerification command, RequestSource source) {
        PendingToken pending = commands.run((handle, effects) -> tokens.findPending(handle, command.token()))
                .orElseThrow(InvalidToken::refusal);
        if (command.password() == null) {
            throw RefusedException.invalid("password", Reason.of(ErrorCode.MISSING, "is required"));
        }
        passwords.refuseKnownAddress(source);
        Guess guess = Guess.at(new EmailAddress(pending.address()), null, source.ip());
        return new Attempt(
                command.token(),
                pending,
                guess,
                passwords.check(guess, command.password(), pending.passwordHash(), null));
    }

    /**
     * @return the new user
     * @throws RefusedException {@code INVALID_CREDENTIALS}, {@code TOO_MANY_REQUESTS}; {@code INVALID} if the token
     *     does not work any more; {@code EMAIL_TAKEN}
     */
    StoredUser finish(Attempt attempt, PasswordChecks.Check check, RequestSource source) {
        if (!check.isRight()) {
            passwords.refuse(attempt.guess(), AuditEvent.against(null, AuditEvent.Type.LOGIN_REFUSED, source));
            throw new RefusedException(Refusal.INVALID_CREDENTIALS, "This is not the password of the registration.");
        }
        return EmailTaken.unless(() -> commands.run((handle, effects) -> {
            StoredUser user = insert(handle, attempt);
            effects.record(AuditEvent.by(user.user().id(), AuditEvent.Type.REGISTERED, source));
            effects.record(AuditEvent.by(user.user().id(), AuditEvent.Type.EMAIL_VERIFIED, source));
            passwords.accept(handle, attempt.guess(), check);
            return user;
        }));
    }

    /** Reads the token again: while the address is locked, nobody can replace it or use it. */
    private StoredUser insert(Handle handle, Attempt attempt) {
        String address = attempt.pending().address();
        VerificationCommands rows = handle.attach(VerificationCommands.class);
        String unusedLock = rows.lockAddress(address);
        List<UUID> unusedLocks = rows.lockAll(address);
        PendingToken pending = tokens.findPending(handle, attempt.token()).orElseThrow(InvalidToken::refusal);
        StoredUser user =
                rows.insertUser(pending.pendingId()).orElseThrow(InvalidToken::refusal); // it has just expired
        tokens.adopt(handle, pending.tokenId());
        rows.deleteAll(address);
        return user;
    }

    /** A confirmation whose password is being checked. */
    record Attempt(String token, PendingToken pending, Guess guess, CompletableFuture<PasswordChecks.Check> check) {
        @Override
        public String toString() {
            return "Attempt[pending=" + pending + "]";
        }
    }
}
