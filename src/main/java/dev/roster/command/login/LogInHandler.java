package dev.roster.command.login;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.command.account.PasswordChecks;
import dev.roster.command.account.RequestThreads;
import dev.roster.command.session.SessionOpening;
import dev.roster.http.RequestSource;
import dev.roster.limit.Guess;
import dev.roster.refusal.InvalidValueException;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.user.EmailAddress;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Logs people in with their password. Thread-safe. */
public final class LogInHandler {
    private final Commands commands;
    private final PasswordChecks passwords;
    private final SessionOpening opening;
    private final RequestThreads threads;

    public LogInHandler(Commands commands, PasswordChecks passwords, SessionOpening opening, RequestThreads threads) {
        this.commands = commands;
        this.passwords = passwords;
        this.opening = opening;
        this.threads = threads;
    }

    /**
     * @return the new session; or {@code INVALID_CREDENTIALS}, {@code TOO_MANY_REQUESTS}, {@code UNAVAILABLE} as a
     *     {@link RefusedException}
     */
    public CompletableFuture<LoggedIn> handle(LogIn command, RequestSource source) {
        Attempt attempt = new Attempt(command, source, threads.partsOf(source));
        // Try at most twice: another login may meanwhile have replaced the hash of the same password.
        return attempt.run()
                .thenCompose(first -> first.isPresent() ? CompletableFuture.completedFuture(first) : attempt.run())
                .thenCompose(
                        second -> second.map(CompletableFuture::completedFuture).orElseGet(attempt::refuse));
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
            return Optional.of(commands.read(LoginCommands.class, logins -> logins.find(value)))
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

    /** One request. */
    private final class Attempt {
        private final LogIn command;
        private final RequestSource source;
        private final RequestThreads.Parts parts;

        Attempt(LogIn command, RequestSource source, RequestThreads.Parts parts) {
            this.command = command;
            this.source = source;
            this.parts = parts;
        }

        /** Empty if the user was deleted, or the hash changed, while the password was checked. */
        CompletableFuture<Optional<LoggedIn>> run() {
            return parts.run(this::begin)
                    .thenCompose(begun -> begun.check().thenCompose(check -> parts.run(() -> finish(begun, check))));
        }

        private Begun begin() {
            passwords.refuseKnownAddress(source);
            UserWithHash login = find(command.email()).orElse(null);
            Guess guess = guess(command, login, source);
            String storedHash = login == null ? null : login.passwordHash();
            return new Begun(login, guess, passwords.check(guess, command.password(), storedHash, null));
        }

        private Optional<LoggedIn> finish(Begun begun, PasswordChecks.Check check) {
            UserWithHash login = begun.login();
            if (login == null || !check.isRight()) {
                throw refused(command, login, source);
            }
            PasswordProof proof = new PasswordProof(passwords, login.passwordHash(), begun.guess(), check);
            return opening.open(login.userId(), source, proof)
                    .map(tokens -> new LoggedIn(
                            tokens, login.stored().with(proof.profile()).own()));
        }

        CompletableFuture<LoggedIn> refuse() {
            return parts.run(() -> {
                throw refused(command, find(command.email()).orElse(null), source);
            });
        }
    }

    /**
     * A password whose check has begun.
     *
     * @param login null if there is no such user
     */
    private record Begun(@Nullable UserWithHash login, Guess guess, CompletableFuture<PasswordChecks.Check> check) {}
}
