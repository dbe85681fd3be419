package dev.roster.command.login;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.command.account.PasswordChecks;
import dev.roster.command.session.SessionOpening;
import dev.roster.http.RequestSource;
import dev.roster.limit.Guess;
import dev.roster.refusal.InvalidValueException;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.user.EmailAddress;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Logs people in with their password. Thread-safe. */
public final class LogInHandler {
    private final Commands commands;
    private final PasswordChecks passwords;
    private final SessionOpening opening;

    public LogInHandler(Commands commands, PasswordChecks passwords, SessionOpening opening) {
        this.commands = commands;
        this.passwords = passwords;
        this.opening = opening;
    }

    /** @throws RefusedException {@code INVALID_CREDENTIALS}, {@code TOO_MANY_REQUESTS}, {@code UNAVAILABLE} */
    public LoggedIn handle(LogIn command, RequestSource source) {
        // Try at most twice: another login may meanwhile have replaced the hash of the same password.
        return attempt(command, source)
                .or(() -> attempt(command, source))
                .orElseThrow(() -> refused(command, find(command.email()).orElse(null), source));
    }

    /** Empty if the user was deleted, or the hash changed, while the password was checked. */
    private Optional<LoggedIn> attempt(LogIn command, RequestSource source) {
        passwords.refuseKnownAddress(source);
        UserWithHash login = find(command.email()).orElse(null);
        Guess guess = guess(command, login, source);
        PasswordChecks.Check check =
                passwords.check(guess, command.password(), login == null ? null : login.passwordHash(), null);
        if (login == null || !check.isRight()) {
            throw refused(command, login, source);
        }
        PasswordProof proof = new PasswordProof(passwords, login.passwordHash(), guess, check);
        return opening.open(login.userId(), source, proof).map(tokens -> new LoggedIn(tokens, login.user()));
    }

    private static Guess guess(LogIn command, @Nullable UserWithHash login, RequestSource source) {
        try {
            return Guess.at(new EmailAddress(command.email()), login == null ? null : login.userId(), source.ip());
        } catch (InvalidValueException e) {
            return Guess.atText(command.email(), source.ip()); // no account can have this address
        }
    }

    private Optional<UserWithHash> find(String email) {
        try {
            String value = new EmailAddress(email).value();
            return Optional.of(commands.statement(LoginCommands.class, logins -> logins.find(value)))
                    .filter(UserWithHash::exists);
        } catch (InvalidValueException e) {
            return Optional.empty(); // no account can have this address
        }
    }

    private RefusedException refused(LogIn command, @Nullable UserWithHash login, RequestSource source) {
        UUID userId = login == null ? null : login.userId();
        passwords.refuse(
                guess(command, login, source), AuditEvent.against(userId, AuditEvent.Type.LOGIN_REFUSED, source));
        return new RefusedException(Refusal.INVALID_CREDENTIALS, "The e-mail address or the password is wrong.");
    }
}
