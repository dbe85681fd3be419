package dev.roster.command.session;

import dev.roster.audit.AuditEvent;
import dev.roster.audit.AuditEvents;
import dev.roster.command.account.PasswordChecks;
import dev.roster.command.account.UserLocks;
import dev.roster.http.RequestSource;
import dev.roster.limit.Guess;
import dev.roster.refusal.InvalidValueException;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.revocation.Revocation;
import dev.roster.revocation.RevokedTokens;
import dev.roster.token.AccessTokens;
import dev.roster.token.RefreshToken;
import dev.roster.token.RefreshTokens;
import dev.roster.user.EmailAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Logs people in: opens a session and issues its tokens. Thread-safe. */
public final class LogInHandler {
    private static final String TOO_MANY = "too_many_sessions";

    private final Jdbi jdbi;
    private final PasswordChecks passwords;
    private final AccessTokens accessTokens;
    private final RefreshTokens refreshTokens;
    private final RevokedTokens revoked;
    private final long lifetimeSeconds;
    private final int perUser;
    private final AuditEvents audit;

    public LogInHandler(
            Jdbi jdbi,
            PasswordChecks passwords,
            AccessTokens accessTokens,
            RefreshTokens refreshTokens,
            RevokedTokens revoked,
            SessionConfiguration configuration,
            AuditEvents audit) {
        this.jdbi = jdbi;
        this.passwords = passwords;
        this.accessTokens = accessTokens;
        this.refreshTokens = refreshTokens;
        this.revoked = revoked;
        this.perUser = configuration.perUser();
        this.lifetimeSeconds = Math.min(
                configuration.idleLifetime().toSeconds(),
                configuration.lifetime().toSeconds());
        this.audit = audit;
    }

    /** @throws RefusedException {@code INVALID_CREDENTIALS}, {@code TOO_MANY_REQUESTS}, {@code UNAVAILABLE} */
    public LoggedIn handle(LogIn command, RequestSource source) {
        // Twice at most: another login may have re-hashed the same password meanwhile, which is no reason to refuse.
        return attempt(command, source)
                .or(() -> attempt(command, source))
                .orElseThrow(() -> refused(command, find(command.email()).orElse(null), source));
    }

    /** Empty where the user was deleted or the hash changed while it was checked. */
    private Optional<LoggedIn> attempt(LogIn command, RequestSource source) {
        passwords.refuseKnownAddress(source);
        UserWithHash login = find(command.email()).orElse(null);
        Guess guess = guess(command, source);
        UUID userId = login == null ? UserLocks.NOBODY : login.userId();
        PasswordChecks.Check check = passwords.check(
                guess,
                command.password(),
                login == null ? null : login.passwordHash(),
                null,
                () -> jdbi.withExtension(
                        SessionCommands.class, sessions -> sessions.isLoggedInFrom(userId, source.ip())));
        if (login == null || !check.isRight()) {
            throw refused(command, login, source);
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
        Opened opened = jdbi.inTransaction(handle -> open(handle, session, login, guess, check, source));
        opened.revocations().forEach(revoked::add);
        return opened.session()
                .map(open -> new LoggedIn(
                        TokenPair.of(
                                accessTokens.issue(login.userId(), session.id(), issuedAt, open.expiresAt()),
                                refreshTokens.write(refreshToken),
                                open),
                        login.user()));
    }

    private Opened open(
            Handle handle,
            NewSession session,
            UserWithHash login,
            Guess guess,
            PasswordChecks.Check check,
            RequestSource source) {
        SessionCommands sessions = handle.attach(SessionCommands.class);
        Optional<OpenSession> opened = check.newHash() == null
                ? sessions.open(session, login.passwordHash())
                : sessions.openAndRehash(session, login.passwordHash(), check.newHash());
        if (opened.isEmpty()) {
            return new Opened(opened, List.of());
        }
        passwords.accept(handle, guess, check);
        List<UUID> ended = sessions.endOldest(login.userId(), perUser);
        List<Revocation> revocations = ended.isEmpty()
                ? List.of()
                : EndedSessions.revoke(handle, login.userId(), ended, TOO_MANY, accessTokens);
        List<AuditEvent> events = new ArrayList<>();
        events.add(
                AuditEvent.by(login.userId(), AuditEvent.Type.LOGGED_IN, source).in(session.id()));
        for (UUID sessionId : ended) {
            events.add(AuditEvent.by(login.userId(), AuditEvent.Type.SESSION_ENDED, source)
                    .in(sessionId)
                    .with(TOO_MANY));
        }
        audit.write(handle, events);
        return new Opened(opened, revocations);
    }

    private static Guess guess(LogIn command, RequestSource source) {
        try {
            return Guess.at(new EmailAddress(command.email()), source.ip());
        } catch (InvalidValueException e) {
            return Guess.atText(command.email(), source.ip()); // nobody has such an address
        }
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

    private RefusedException refused(LogIn command, @Nullable UserWithHash login, RequestSource source) {
        UUID userId = login == null ? null : login.userId();
        passwords.refuse(guess(command, source), AuditEvent.against(userId, AuditEvent.Type.LOGIN_REFUSED, source));
        return new RefusedException(Refusal.INVALID_CREDENTIALS, "The e-mail address or the password is wrong.");
    }

    private record Opened(Optional<OpenSession> session, List<Revocation> revocations) {}
}
