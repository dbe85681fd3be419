package dev.roster.command.session;

import dev.roster.audit.AuditEvent;
import dev.roster.audit.AuditEvents;
import dev.roster.http.RequestSource;
import dev.roster.limit.GuessLimit;
import dev.roster.limit.RefreshLimit;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.revocation.Revocation;
import dev.roster.revocation.RevokedTokens;
import dev.roster.revocation.TokenBlocklist;
import dev.roster.token.AccessTokens;
import dev.roster.token.RefreshToken;
import dev.roster.token.RefreshTokens;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refreshes sessions (RFC 6749, section 6; RFC 9700, section 4.14): a refresh token is good for one new pair of tokens.
 *
 * <p>Who presents a spent one may be a thief, or may have been robbed: then the session ends, for both. Far more often it
 * is a client that lost the answer or asked from two tabs at once, which is never to log anybody out. What tells the two
 * apart is the time: within the grace, the answer is the one live successor once more; see {@link RefreshToken} for how
 * it can be. Thread-safe.
 */
public final class RefreshSessionHandler {
    private static final Logger LOGGER = LoggerFactory.getLogger(RefreshSessionHandler.class);
    private static final String REASON = "refresh_token_reused";

    private final Jdbi jdbi;
    private final RefreshLimit limit;
    private final GuessLimit guesses;
    private final AccessTokens accessTokens;
    private final RefreshTokens refreshTokens;
    private final RevokedTokens revoked;
    private final SessionConfiguration configuration;
    private final AuditEvents audit;

    public RefreshSessionHandler(
            Jdbi jdbi,
            RefreshLimit limit,
            GuessLimit guesses,
            AccessTokens accessTokens,
            RefreshTokens refreshTokens,
            RevokedTokens revoked,
            SessionConfiguration configuration,
            AuditEvents audit) {
        this.jdbi = jdbi;
        this.limit = limit;
        this.guesses = guesses;
        this.accessTokens = accessTokens;
        this.refreshTokens = refreshTokens;
        this.revoked = revoked;
        this.configuration = configuration;
        this.audit = audit;
    }

    /** @throws RefusedException {@code INVALID_TOKEN}, {@code TOO_MANY_REQUESTS} */
    public TokenPair handle(RefreshSession command, RequestSource source) {
        RefreshToken presented = refreshTokens.read(command.refreshToken()).orElseThrow(() -> refuse(source));
        limit.throwIfRecentlyRefused(presented.sessionId());
        return rotate(presented, source).orElseGet(() -> repeat(presented, source));
    }

    /** Spends the token, where it is the live one of an open session. One statement: one transaction, one commit. */
    private Optional<TokenPair> rotate(RefreshToken presented, RequestSource source) {
        Instant issuedAt = accessTokens.now();
        String salt = refreshTokens.newSalt();
        RefreshToken successor = presented.successor(salt);
        Rotation rotation = new Rotation(
                presented.sessionId(),
                presented.hash(),
                salt,
                successor.hash(),
                configuration.idleLifetime().toSeconds(),
                configuration.lifetime().toSeconds(),
                source.userAgent(),
                source.ip());
        return jdbi.withExtension(Rotations.class, rotations -> rotations.rotate(rotation, limit))
                .map(session -> pair(successor, session, issuedAt));
    }

    /** For a token that is not live: the answer that it had, or the end of its session. */
    private TokenPair repeat(RefreshToken presented, RequestSource source) {
        Repeat repeat = jdbi.inTransaction(handle -> repeat(handle, presented, source));
        repeat.revocations().forEach(revoked::add);
        if (repeat.answer() == null) {
            throw repeat.refusal() == null ? refuse(source) : repeat.refusal();
        }
        return repeat.answer();
    }

    private Repeat repeat(Handle handle, RefreshToken presented, RequestSource source) {
        SessionCommands sessions = handle.attach(SessionCommands.class);
        LockedSession session = sessions.lock(
                        presented.sessionId(), configuration.lifetime().toSeconds(), limit)
                .orElse(null);
        if (session == null) {
            // It is over. Where nobody was told, for the answer to that commit was lost, this node learns it now.
            handle.attach(TokenBlocklist.class).find(presented.sessionId()).forEach(revoked::learn);
            return new Repeat(null, List.of());
        }
        Instant issuedAt = accessTokens.now();
        RefreshToken live = liveSuccessor(
                presented,
                session.refreshTokenHash(),
                sessions.successorSalts(
                        presented.sessionId(), configuration.refreshGrace().toMilliseconds() / 1000.0));
        if (live != null) {
            boolean isSpent = !presented.hash().equals(live.hash()); // else it is the limit that kept it from that
            if (limit.isEnabled() && (session.secondsToNext() > 0 || !isSpent)) {
                audit.write(
                        handle,
                        AuditEvent.against(session.userId(), AuditEvent.Type.LIMIT_HIT, source)
                                .in(presented.sessionId())
                                .with(RefreshLimit.NAME));
                return Repeat.refused(limit.refuse(presented.sessionId(), session.secondsToNext()));
            }
            if (limit.isEnabled()) {
                sessions.countRefresh(presented.sessionId(), limit);
            }
            return new Repeat(pair(live, session.open(), issuedAt), List.of());
        }
        LOGGER.warn(
                "SECURITY refresh_token_reused: session {} of user {} is ended; the spent token came from {}",
                presented.sessionId(),
                session.userId(),
                source.ip());
        sessions.end(presented.sessionId(), session.userId());
        // Whoever it was: not known to be the user.
        audit.write(
                handle,
                AuditEvent.against(session.userId(), AuditEvent.Type.REFRESH_TOKEN_REUSED, source)
                        .in(presented.sessionId()),
                AuditEvent.against(session.userId(), AuditEvent.Type.SESSION_ENDED, source)
                        .in(presented.sessionId())
                        .with(REASON));
        return new Repeat(
                null,
                EndedSessions.revoke(handle, session.userId(), List.of(presented.sessionId()), REASON, accessTokens));
    }

    /**
     * The token that a spent one has led to by now, which may be some uses on; null where it was spent before the grace.
     *
     * @param salts by the hash of each token that was spent within the grace
     */
    private static @Nullable RefreshToken liveSuccessor(
            RefreshToken spent, @Nullable String liveHash, Map<String, String> salts) {
        RefreshToken token = spent;
        while (!token.hash().equals(liveHash)) {
            String salt = salts.get(token.hash());
            if (salt == null) {
                return null;
            }
            token = token.successor(salt);
        }
        return token;
    }

    private TokenPair pair(RefreshToken refreshToken, OpenSession session, Instant issuedAt) {
        return TokenPair.of(
                accessTokens.issue(session.userId(), refreshToken.sessionId(), issuedAt, session.expiresAt()),
                refreshTokens.write(refreshToken),
                session);
    }

    private RefusedException refuse(RequestSource source) {
        guesses.throwIfRefreshRecentlyRefused(source.ip());
        return jdbi.inTransaction(handle -> {
            for (String reached : guesses.recordWrongRefreshToken(handle, source.ip())) {
                audit.write(
                        handle,
                        AuditEvent.against(null, AuditEvent.Type.LIMIT_HIT, source)
                                .with(reached));
            }
            return new RefusedException(Refusal.INVALID_TOKEN, "The refresh token is not valid.");
        });
    }

    /** What a spent token leads to: an answer, or the end of its session, or a refusal, or nothing. */
    private record Repeat(
            @Nullable TokenPair answer,
            List<Revocation> revocations,
            @Nullable RefusedException refusal) {
        Repeat(@Nullable TokenPair answer, List<Revocation> revocations) {
            this(answer, revocations, null);
        }

        static Repeat refused(RefusedException refusal) {
            return new Repeat(null, List.of(), refusal);
        }
    }
}
