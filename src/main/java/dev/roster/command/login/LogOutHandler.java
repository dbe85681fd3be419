package dev.roster.command.login;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.command.Effects;
import dev.roster.command.account.UserLocks;
import dev.roster.command.session.SessionCommands;
import dev.roster.command.session.SessionEnding;
import dev.roster.http.RequestSource;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.revocation.Revocation;
import dev.roster.revocation.RevokedTokens;
import dev.roster.revocation.TokenBlocklist;
import dev.roster.token.AccessToken;
import dev.roster.token.AccessTokens;
import dev.roster.token.RefreshToken;
import dev.roster.token.RefreshTokens;
import dev.roster.token.TokenModule;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Logs callers out. After the answer, the token and all other tokens of its session are refused. A second logout
 * changes nothing. Thread-safe.
 */
public final class LogOutHandler {
    private static final String REASON = "logged_out";

    private final Commands commands;
    private final AccessTokens tokens;
    private final RefreshTokens refreshTokens;
    private final RevokedTokens revoked;
    private final SessionEnding ending;

    public LogOutHandler(Commands commands, TokenModule tokens, RevokedTokens revoked, SessionEnding ending) {
        this.commands = commands;
        this.tokens = tokens.accessTokens();
        this.refreshTokens = tokens.refreshTokens();
        this.revoked = revoked;
        this.ending = ending;
    }

    /** @throws RefusedException {@code INVALID_TOKEN} if this service did not sign the token */
    public void handle(LogOut command) {
        AccessToken token = tokens.read(command.token());
        UUID sessionId = token.sessionId();
        UUID revocable = sessionId == null ? token.id() : sessionId;
        // Even if it is revoked already, run a transaction: its commit waits until the revocation is on disk.
        Boolean unused = commands.run(
                (handle, effects) -> revoked.contains(revocable) || logOut(handle, effects, command, token));
    }

    /**
     * Logs out with an access or a refresh token, as another service does for a client (RFC 7009). Does nothing for a
     * token that this service did not make.
     */
    public void revoke(LogOut command) {
        Optional<RefreshToken> refreshToken = refreshTokens.read(command.token());
        if (refreshToken.isPresent()) {
            UUID sessionId = refreshToken.get().sessionId();
            Boolean unused = commands.run((handle, effects) ->
                    revoked.contains(sessionId) || end(handle, effects, sessionId, command.source()));
            return;
        }
        try {
            handle(command);
        } catch (RefusedException e) {
            if (e.refusal() != Refusal.INVALID_TOKEN) {
                throw e;
            }
        }
    }

    /** @return whether the session was open */
    private boolean end(Handle handle, Effects effects, UUID sessionId, RequestSource source) {
        Optional<UUID> userId = handle.attach(SessionCommands.class).end(sessionId);
        if (userId.isEmpty()) {
            // An earlier commit may have ended the session without an answer to this node: learn its revocation now.
            effects.learn(handle.attach(TokenBlocklist.class).find(sessionId));
            return false;
        }
        ending.revoke(effects, userId.get(), List.of(sessionId), REASON);
        effects.record(
                AuditEvent.by(userId.get(), AuditEvent.Type.LOGGED_OUT, source).in(sessionId));
        return true;
    }

    /** @return whether the session or the token was still valid */
    private boolean logOut(Handle handle, Effects effects, LogOut command, AccessToken token) {
        UUID userId = token.userId();
        UUID sessionId = token.sessionId();
        boolean ended =
                sessionId != null && handle.attach(SessionCommands.class).end(sessionId, userId);
        if (!ended && tokens.isExpired(token)) {
            if (sessionId != null) {
                // An earlier commit may have ended the session without an answer to this node: learn its revocation
                // now.
                effects.learn(handle.attach(TokenBlocklist.class).find(sessionId));
            }
            return false;
        }
        if (sessionId != null) {
            ending.revoke(effects, userId, List.of(sessionId), REASON);
        }
        effects.revoke(
                Revocation.ofToken(token.id(), userId, REASON, token.expiresAt().plus(AccessTokens.LEEWAY)));
        if (ended || (sessionId == null && existsUntilCommit(handle, userId))) {
            effects.record(AuditEvent.by(userId, AuditEvent.Type.LOGGED_OUT, command.source())
                    .in(sessionId));
        }
        return true;
    }

    /**
     * Locks the user, and returns whether the user exists. Needed only without a session: otherwise this transaction
     * has locked the session's row, and a deletion of the user waits for it.
     */
    private static boolean existsUntilCommit(Handle handle, UUID userId) {
        UserLocks users = handle.attach(UserLocks.class);
        String unused = users.lockShared(userId);
        return users.exists(userId);
    }
}
