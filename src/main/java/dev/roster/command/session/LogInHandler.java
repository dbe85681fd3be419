package dev.roster.command.session;

import dev.roster.password.HashingPool;
import dev.roster.password.Password;
import dev.roster.password.PasswordHasher;
import dev.roster.token.AccessTokens;
import dev.roster.user.EmailAddress;
import dev.roster.user.InvalidValueException;
import dev.roster.user.Refusal;
import dev.roster.user.RefusedException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Logs people in: opens a session and issues its access token. Thread-safe. */
public final class LogInHandler {
    private final SessionCommands sessions;
    private final PasswordHasher hasher;
    private final HashingPool hashing;
    private final AccessTokens tokens;

    public LogInHandler(SessionCommands sessions, PasswordHasher hasher, HashingPool hashing, AccessTokens tokens) {
        this.sessions = sessions;
        this.hasher = hasher;
        this.hashing = hashing;
        this.tokens = tokens;
    }

    /** @throws RefusedException {@code INVALID_CREDENTIALS}, {@code UNAVAILABLE} */
    public LoggedIn handle(LogIn command) {
        // Twice at most: another login may have re-hashed the same password meanwhile, which is no reason to refuse.
        return attempt(command).or(() -> attempt(command)).orElseThrow(LogInHandler::wrong);
    }

    /** Empty where the user was deleted or the hash changed while it was checked. */
    private Optional<LoggedIn> attempt(LogIn command) {
        UserWithHash login = find(command.email()).orElse(null);
        String storedHash = login == null ? null : login.passwordHash();
        String rehash = hashing.run(() -> verify(command.password(), storedHash));
        if (login == null) {
            throw wrong();
        }
        UUID sessionId = UUID.randomUUID();
        boolean opened = rehash == null
                ? sessions.open(sessionId, login.userId(), login.passwordHash(), tokens.latestEnd())
                : sessions.openAndRehash(sessionId, login.userId(), login.passwordHash(), rehash, tokens.latestEnd());
        if (!opened) {
            return Optional.empty();
        }
        String token = tokens.issue(login.userId(), sessionId);
        return Optional.of(new LoggedIn(token, "Bearer", tokens.lifetime().toSeconds(), login.user()));
    }

    private Optional<UserWithHash> find(String email) {
        try {
            return sessions.findLogin(new EmailAddress(email).value());
        } catch (InvalidValueException e) {
            return Optional.empty(); // nobody has such an address
        }
    }

    /** The new hash where the stored one is outdated, else null; throws where the password is wrong. */
    private @Nullable String verify(Password password, @Nullable String storedHash) {
        if (!hasher.verify(password, storedHash) || storedHash == null) {
            throw wrong();
        }
        return hasher.isOutdated(storedHash) ? hasher.rehash(password) : null;
    }

    private static RefusedException wrong() {
        return new RefusedException(Refusal.INVALID_CREDENTIALS, "The e-mail address or the password is wrong.");
    }
}
