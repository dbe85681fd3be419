package dev.roster.command.session;

import dev.roster.audit.AuditEvent;
import dev.roster.audit.AuditEvents;
import dev.roster.command.caller.Callers;
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
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Logs people in: opens a session and issues its tokens. Thread-safe. */
public final class LogInHandler {
    private final Jdbi jdbi;
    private final PasswordHasher hasher;
    private final HashingPool hashing;
    private final AccessTokens accessTokens;
    private final RefreshTokens refreshTokens;
    private final long lifetimeSeconds;
    private final AuditEvents audit;

    public LogInHandler(
            Jdbi jdbi,
            PasswordHasher hasher,
            HashingPool hashing,
            AccessTokens accessTokens,
            RefreshTokens refreshTokens,
            SessionConfiguration configuration,
            AuditEvents audit) {
        this.jdbi = jdbi;
        this.hasher = hasher;
        this.hashing = hashing;
        this.accessTokens = accessTokens;
        this.refreshTokens = refreshTokens;
        this.lifetimeSeconds = Math.min(
                configuration.idleLifetime().toSeconds(),
                configuration.lifetime().toSeconds());
        this.audit = audit;
    }

    /** @throws RefusedException {@code INVALID_CREDENTIALS}, {@code UNAVAILABLE} */
    public LoggedIn handle(LogIn command, RequestSource source) {
        // Twice at most: another login may have re-hashed the same password meanwhile, which is no reason to refuse.
        return attempt(command, source)
                .or(() -> attempt(command, source))
                .orElseThrow(() -> refused(find(command.email()).orElse(null), source));
    }

    /** Empty where the user was deleted or the hash changed while it was checked. */
    private Optional<LoggedIn> attempt(LogIn command, RequestSource source) {
        UserWithHash login = find(command.email()).orElse(null);
        String storedHash = login == null ? null : login.passwordHash();
        Verdict verdict = hashing.run(() -> verify(command.password(), storedHash));
        if (login == null || !verdict.right()) {
            throw refused(login, source);
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
        return open(session, login, verdict.rehash(), source)
                .map(open -> new LoggedIn(
                        TokenPair.of(
                                accessTokens.issue(login.userId(), session.id(), issuedAt, open.expiresAt()),
                                refreshTokens.write(refreshToken),
                                open),
                        login.user()));
    }

    private Optional<OpenSession> open(
            NewSession session, UserWithHash login, @Nullable String rehash, RequestSource source) {
        return jdbi.inTransaction(handle -> {
            SessionCommands sessions = handle.attach(SessionCommands.class);
            Optional<OpenSession> opened = rehash == null
                    ? sessions.open(session, login.passwordHash())
                    : sessions.openAndRehash(session, login.passwordHash(), rehash);
            if (opened.isPresent()) {
                audit.write(
                        handle,
                        AuditEvent.by(login.userId(), AuditEvent.Type.LOGGED_IN, source)
                                .in(session.id()));
            }
            return opened;
        });
    }

    private Optional<UserWithHash> find(String email) {
        try {
            String address = new EmailAddress(email).value();
            return jdbi.withExtension(SessionCommands.class, sessions -> sessions.findLogin(address));
        } catch (InvalidValueException e) {
            return Optional.empty(); // nobody has such an address
        }
    }

    private Verdict verify(Password password, @Nullable String storedHash) {
        if (!hasher.verify(password, storedHash) || storedHash == null) {
            return new Verdict(false, null);
        }
        return new Verdict(true, hasher.isOutdated(storedHash) ? hasher.rehash(password) : null);
    }

    /** Writes the refusal down: the same statements, whether or not somebody has the address. */
    private RefusedException refused(@Nullable UserWithHash login, RequestSource source) {
        jdbi.useTransaction(handle -> {
            UUID userId = handle.attach(Callers.class)
                    .keep(login == null ? null : login.userId())
                    .orElse(null);
            audit.write(handle, AuditEvent.against(userId, AuditEvent.Type.LOGIN_REFUSED, source));
        });
        return new RefusedException(Refusal.INVALID_CREDENTIALS, "The e-mail address or the password is wrong.");
    }

    /**
     * What became of a password that was checked.
     *
     * @param rehash the new hash, where it is right and the stored one is outdated
     */
    private record Verdict(boolean right, @Nullable String rehash) {}
}
