package dev.roster.command.refresh;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.command.Effects;
import dev.roster.command.session.SessionCommands;
import dev.roster.command.session.SessionConfiguration;
import dev.roster.command.session.SessionEnding;
import dev.roster.command.session.SessionTokens;
import dev.roster.command.session.TokenPair;
import dev.roster.http.RequestSource;
import dev.roster.limit.RefreshLimit;
import dev.roster.refusal.RefusedException;
import dev.roster.refusal.TokenFault;
import dev.roster.revocation.TokenBlocklist;
import dev.roster.token.RefreshToken;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refreshes sessions (RFC 6749, section 6; RFC 9700, section 4.14): a refresh token can be used once, for a new pair of
 * tokens.
 *
 * <p>If a spent token comes back, it may be stolen. More often, a client has lost the answer or has refreshed from two
 * tabs at once. Within the grace period, the handler assumes the latter and answers with the live successor again
 * ({@link RefreshToken} explains how). Later, it ends the session, for the thief and for the owner.
 *
 * <p>Thread-safe.
 */
public final class RefreshSessionHandler {
    private static final Logger LOGGER = LoggerFactory.getLogger(RefreshSessionHandler.class);
    private static final String REASON = "refresh_token_reused";

    private final Commands commands;
    private final SessionTokens tokens;
    private final SessionEnding ending;
    private final RefreshLimit limit;
    private final WrongRefreshTokens wrongTokens;
    private final SessionConfiguration configuration;

    RefreshSessionHandler(
            Commands commands,
            SessionTokens tokens,
            SessionEnding ending,
            RefreshLimit limit,
            WrongRefreshTokens wrongTokens,
            SessionConfiguration configuration) {
        this.commands = commands;
        this.tokens = tokens;
        this.ending = ending;
        this.limit = limit;
        this.wrongTokens = wrongTokens;
        this.configuration = configuration;
    }

    /** @throws RefusedException {@code INVALID_TOKEN}, {@code TOO_MANY_REQUESTS} */
    public TokenPair handle(RefreshSession command, RequestSource source) {
        RefreshToken presented =
                tokens.read(command.refreshToken()).orElseThrow(() -> wrongTokens.refuse(TokenFault.MALFORMED, source));
        limit.throwIfRecentlyRefused(presented.sessionId());
        if (commands.isRevoked(presented.sessionId())) { // its row may be back, after a failover
            throw wrongTokens.refuse(TokenFault.UNKNOWN_SESSION, source);
        }
        return rotate(presented, source).orElseGet(() -> repeat(presented, source));
    }

    private TokenPair repeat(RefreshToken presented, RequestSource source) {
        Reuse reuse = commands.run((handle, effects) -> reuse(handle, effects, presented, source));
        if (reuse.pair() == null) {
            throw wrongTokens.refuse(reuse.fault(), source);
        }
        return reuse.pair();
    }

    /**
     * The result of a token's reuse.
     *
     * @param pair the live successor; null if there is none
     * @param fault why there is none
     */
    private record Reuse(@Nullable TokenPair pair, TokenFault fault) {
        static final Reuse OF_UNKNOWN_SESSION = new Reuse(null, TokenFault.UNKNOWN_SESSION);
        static final Reuse LATE = new Reuse(null, TokenFault.REUSED);
    }

    /** Spends the token if it is the live token of an open session. One statement is one transaction and one commit. */
    private Optional<TokenPair> rotate(RefreshToken presented, RequestSource source) {
        Instant issuedAt = tokens.now();
        String salt = tokens.newSalt();
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
        return commands.write(Rotations.class, rotations -> rotations.rotate(rotation, limit))
                .map(session -> tokens.pair(successor, session, issuedAt));
    }

    /** Handles a token that was not rotated: returns the live successor again, ends the session, or does nothing. */
    private Reuse reuse(Handle handle, Effects effects, RefreshToken presented, RequestSource source) {
        Instant issuedAt = tokens.now();
        RefreshCommands refreshes = handle.attach(RefreshCommands.class);
        LockedSession session = refreshes
                .lock(presented.sessionId(), configuration.lifetime().toSeconds(), limit)
                .orElse(null);
        if (session == null) {
            // An earlier commit may have ended the session without an answer to this node: learn its revocation now.
            effects.learn(handle.attach(TokenBlocklist.class).find(presented.sessionId()));
            return Reuse.OF_UNKNOWN_SESSION;
        }
        double graceSeconds = configuration.refreshGrace().toMilliseconds() / 1000.0;
        RefreshToken live = liveSuccessor(
                presented, session.refreshTokenHash(), refreshes.successorSalts(presented.sessionId(), graceSeconds));
        if (live == null) {
            end(handle, effects, presented, session, source);
            return Reuse.LATE;
        }
        // A live token gets here only if the limit prevented its rotation.
        boolean isLive = presented.hash().equals(live.hash());
        if (limit.isEnabled() && (session.secondsToNext() > 0 || isLive)) {
            if (limit.isRefusalToBeRecorded(handle, session.userId())) {
                effects.record(AuditEvent.against(session.userId(), AuditEvent.Type.LIMIT_HIT, source)
                        .in(presented.sessionId())
                        .with(RefreshLimit.NAME));
            }
            effects.refuse(limit.refuse(presented.sessionId(), session.secondsToNext()));
            return Reuse.LATE;
        }
        if (limit.isEnabled()) {
            refreshes.countRefresh(presented.sessionId(), limit);
        }
        return new Reuse(tokens.pair(live, session.open(), issuedAt), TokenFault.REUSED);
    }

    /** Ends the session of a token that was spent before the grace period. */
    private void end(
            Handle handle, Effects effects, RefreshToken presented, LockedSession session, RequestSource source) {
        LOGGER.warn(
                "SECURITY refresh_token_reused: session {} of user {} is ended; the spent token came from {}",
                presented.sessionId(),
                session.userId(),
                source.ip());
        handle.attach(SessionCommands.class).end(presented.sessionId(), session.userId());
        ending.revoke(effects, session.userId(), List.of(presented.sessionId()), REASON);
        // Without an actor: the client may be a thief.
        effects.record(AuditEvent.against(session.userId(), AuditEvent.Type.REFRESH_TOKEN_REUSED, source)
                .in(presented.sessionId()));
        effects.record(AuditEvent.against(session.userId(), AuditEvent.Type.SESSION_ENDED, source)
                .in(presented.sessionId())
                .with(REASON));
    }

    /**
     * Follows the successors of a spent token to the live token; null if the token was spent before the grace period.
     *
     * @param salts the salts of the successors, by the hash of each token that was spent within the grace period
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
}
