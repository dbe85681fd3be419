package dev.roster.command.session;

import dev.roster.audit.AuditEvent;
import dev.roster.audit.AuditEvents;
import dev.roster.command.caller.Callers;
import dev.roster.http.RequestSource;
import dev.roster.limit.Guess;
import dev.roster.limit.GuessLimit;
import dev.roster.password.HashingPool;
import dev.roster.password.InFlight;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Logs people in: opens a session and issues its tokens. Thread-safe. */
public final class LogInHandler {
    private static final UUID NOBODY = new UUID(0, 0);

    private final Jdbi jdbi;
    private final GuessLimit limit;
    private final PasswordHasher hasher;
    private final HashingPool hashing;
    private final AccessTokens accessTokens;
    private final RefreshTokens refreshTokens;
    private final long lifetimeSeconds;
    private final AuditEvents audit;
    private final InFlight<Check.Key, Check> checks = new InFlight<>();

    public LogInHandler(
            Jdbi jdbi,
            GuessLimit limit,
            PasswordHasher hasher,
            HashingPool hashing,
            AccessTokens accessTokens,
            RefreshTokens refreshTokens,
            SessionConfiguration configuration,
            AuditEvents audit) {
        this.jdbi = jdbi;
        this.limit = limit;
        this.hasher = hasher;
        this.hashing = hashing;
        this.accessTokens = accessTokens;
        this.refreshTokens = refreshTokens;
        this.lifetimeSeconds = Math.min(
                configuration.idleLifetime().toSeconds(),
                configuration.lifetime().toSeconds());
        this.audit = audit;
    }

    /** @throws RefusedException {@code INVALID_CREDENTIALS}, {@code TOO_MANY_REQUESTS}, {@code UNAVAILABLE} */
    public LoggedIn handle(LogIn command, RequestSource source) {
        // Twice at most: another login may have re-hashed the same password meanwhile, which is no reason to refuse.
        return attempt(command, source).or(() -> attempt(command, source)).orElseThrow(() -> {
            UserWithHash login = find(command.email()).orElse(null);
            return refused(guess(command, login, source), login, source);
        });
    }

    /** Empty where the user was deleted or the hash changed while it was checked. */
    private Optional<LoggedIn> attempt(LogIn command, RequestSource source) {
        UserWithHash login = find(command.email()).orElse(null);
        Guess guess = guess(command, login, source);
        limit.refuseKnown(guess);
        String storedHash = login == null ? null : login.passwordHash();
        Check check = checks.run(
                new Check.Key(guess, command.password(), storedHash),
                () -> hashing.run(() -> check(guess, command.password(), storedHash, login, source)));
        if (login == null || !check.isRight()) {
            throw refused(guess, login, source);
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
        Optional<OpenSession> opened = open(session, login, check.newHash(), source);
        if (check.hasFailures()) {
            limit.forget(guess);
        }
        return opened.map(open -> new LoggedIn(
                TokenPair.of(
                        accessTokens.issue(login.userId(), session.id(), issuedAt, open.expiresAt()),
                        refreshTokens.write(refreshToken),
                        open),
                login.user()));
    }

    private Optional<OpenSession> open(
            NewSession session, UserWithHash login, @Nullable String newHash, RequestSource source) {
        return jdbi.inTransaction(handle -> {
            SessionCommands sessions = handle.attach(SessionCommands.class);
            Optional<OpenSession> opened = newHash == null
                    ? sessions.open(session, login.passwordHash())
                    : sessions.openAndRehash(session, login.passwordHash(), newHash);
            if (opened.isPresent()) {
                audit.write(
                        handle,
                        AuditEvent.by(login.userId(), AuditEvent.Type.LOGGED_IN, source)
                                .in(session.id()));
            }
            return opened;
        });
    }

    private static Guess guess(LogIn command, @Nullable UserWithHash login, RequestSource source) {
        return login == null ? Guess.at(command.email(), source.ip()) : Guess.at(login.userId(), source.ip());
    }

    private Optional<UserWithHash> find(String email) {
        try {
            String value = new EmailAddress(email).value();
            return Optional.of(jdbi.withExtension(SessionCommands.class, sessions -> sessions.findLogin(value)))
                    .filter(UserWithHash::exists);
        } catch (InvalidValueException e) {
            return Optional.empty(); // nobody has such an address
        }
    }

    private Check check(
            Guess guess,
            Password password,
            @Nullable String storedHash,
            @Nullable UserWithHash login,
            RequestSource source) {
        UUID userId = login == null ? NOBODY : login.userId();
        // In its turn, not before: of a thousand guesses that wait here together few are looked at.
        boolean hasFailures = limit.require(
                guess,
                () -> jdbi.withExtension(
                        SessionCommands.class, sessions -> sessions.isLoggedInFrom(userId, source.ip())));
        boolean isRight = hasher.verify(password, storedHash);
        boolean isOutdated = isRight && storedHash != null && hasher.isOutdated(storedHash);
        return new Check(isRight, hasFailures, isOutdated ? hasher.rehash(password) : null);
    }

    /** Counts the refusal and writes it down: the same statements, whether or not somebody has the address. */
    private RefusedException refused(Guess guess, @Nullable UserWithHash login, RequestSource source) {
        jdbi.useTransaction(handle -> {
            List<AuditEvent> events = new ArrayList<>();
            UUID userId = handle.attach(Callers.class)
                    .keep(login == null ? null : login.userId())
                    .orElse(null);
            events.add(AuditEvent.against(userId, AuditEvent.Type.LOGIN_REFUSED, source));
            for (String reached : limit.fail(handle, guess)) {
                events.add(AuditEvent.against(userId, AuditEvent.Type.LIMIT_HIT, source)
                        .with(reached));
            }
            audit.write(handle, events);
        });
        return new RefusedException(Refusal.INVALID_CREDENTIALS, "The e-mail address or the password is wrong.");
    }

    /**
     * What came of a check, for all who asked for the same at the same time.
     *
     * @param hasFailures whether there are failures to forget
     * @param newHash where the stored one is outdated
     */
    private record Check(
            boolean isRight, boolean hasFailures, @Nullable String newHash) {
        @Override
        public String toString() {
            return "Check[isRight=" + isRight + ", hasFailures=" + hasFailures + "]";
        }

        record Key(Guess guess, Password password, @Nullable String storedHash) {
            @Override
            public String toString() {
                return "Key[********]";
            }
        }
    }
}
