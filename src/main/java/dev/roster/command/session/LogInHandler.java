package dev.roster.command.session;

import dev.roster.http.RequestSource;
import dev.roster.password.HashingPool;
import dev.roster.password.Password;
import dev.roster.password.PasswordHasher;
import dev.roster.token.AccessTokens;
import dev.roster.token.RefreshToken;
import dev.roster.token.RefreshTokens;
import dev.roster.user.EmailAddress;
import dev.roster.user.InvalidValueException;
import dev.roster.user.Refusal;
import dev.roster.user.RefusedException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Logs people in: opens a session and issues its tokens. Thread-safe. */
public final class LogInHandler {
    private final SessionCommands sessions;
    private final PasswordHasher hasher;
    private final HashingPool hashing;
    private final AccessTokens accessTokens;
    private final RefreshTokens refreshTokens;
    private final long lifetimeSeconds;

    public LogInHandler(
            SessionCommands sessions,
            PasswordHasher hasher,
            HashingPool hashing,
            AccessTokens accessTokens,
            RefreshTokens refreshTokens,
            SessionConfiguration configuration) {
        this.sessions = sessions;
        this.hasher = hasher;
        this.hashing = hashing;
        this.accessTokens = accessTokens;
        this.refreshTokens = refreshTokens;
        this.lifetimeSeconds = Math.min(
                configuration.idleLifetime().toSeconds(),
                configuration.lifetime().toSeconds());
    }

    /** @throws RefusedException {@code INVALID_CREDENTIALS}, {@code UNAVAILABLE} */
    public LoggedIn handle(LogIn command, RequestSource source) {
        // Twice at most: another login may have re-hashed the same password meanwhile, which is no reason to refuse.
        return attempt(command, source).or(() -> attempt(command, source)).orElseThrow(LogInHandler::wrong);
    }

    /** Empty where the user was deleted or the hash changed while it was checked. */
    private Optional<LoggedIn> attempt(LogIn command, RequestSource source) {
        UserWithHash login = find(command.email()).orElse(null);
        String storedHash = login == null ? null : login.passwordHash();
        String rehash = hashing.run(() -> verify(command.password(), storedHash));
        if (login == null) {
            throw wrong();
        }
        RefreshToken refreshToken = refreshTokens.first(UUID.randomUUID());
        NewSession session = new NewSession(
                refreshToken.sessionId(),
                login.userId(),
                refreshToken.hash(),
                lifetimeSeconds,
                source.userAgent(),
                source.ip());
        Instant issuedAt = accessTokens.now();
        Optional<OpenSession> opened = rehash == null
                ? sessions.open(session, login.passwordHash())
                : sessions.openAndRehash(session, login.passwordHash(), rehash);
        return opened.map(open -> new LoggedIn(
                TokenPair.of(
                        accessTokens.issue(login.userId(), session.id(), issuedAt, open.expiresAt()),
                        refreshTokens.write(refreshToken),
                        open),
                login.user()));
    }

    private Optional<UserWithHash> find(String email) {
        try {
            return Optional.of(sessions.findLogin(new EmailAddress(email).value()))
                    .filter(UserWithHash::exists);
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
