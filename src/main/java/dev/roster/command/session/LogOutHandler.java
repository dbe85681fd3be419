package dev.roster.command.session;

import dev.roster.audit.AuditEvent;
import dev.roster.audit.AuditEvents;
import dev.roster.command.account.UserLocks;
import dev.roster.http.RequestSource;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.revocation.Revocation;
import dev.roster.revocation.RevokedTokens;
import dev.roster.revocation.TokenBlocklist;
import dev.roster.token.AccessToken;
import dev.roster.token.AccessTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Logs people out: from the answer on the token is refused, and with it all other tokens of its session. Doing it again
 * changes nothing. Thread-safe.
 */
public final class LogOutHandler {
    private static final String REASON = "logged_out";

    private final Jdbi jdbi;
    private final AccessTokens tokens;
    private final RevokedTokens revoked;
    private final AuditEvents audit;

    public LogOutHandler(Jdbi jdbi, AccessTokens tokens, RevokedTokens revoked, AuditEvents audit) {
        this.jdbi = jdbi;
        this.tokens = tokens;
        this.revoked = revoked;
        this.audit = audit;
    }

    /** @throws RefusedException {@code INVALID_TOKEN} where this service did not sign the token */
    public void handle(LogOut command) {
        AccessToken token = tokens.read(command.token())
                .orElseThrow(() -> new RefusedException(Refusal.INVALID_TOKEN, "The access token is not valid."));
        UUID sessionId = token.sessionId();
        if (revoked.contains(sessionId == null ? token.id() : sessionId)) {
            return;
        }
        List<Revocation> revocations = jdbi.inTransaction(handle -> revoke(handle, token, sessionId, command.source()));
        revocations.forEach(revoked::add); // not before the commit: logging out again has to write what was not written
    }

    private List<Revocation> revoke(Handle handle, AccessToken token, @Nullable UUID sessionId, RequestSource source) {
        boolean ended =
                sessionId != null && handle.attach(SessionCommands.class).end(sessionId, token.userId());
        if (!ended && tokens.isExpired(token)) {
            // Nothing is left to end. Where nobody was told of the end, for the answer to its commit was lost,
            // this node learns it now.
            if (sessionId != null) {
                handle.attach(TokenBlocklist.class).find(sessionId).forEach(revoked::learn);
            }
            return List.of();
        }
        List<Revocation> revocations = new ArrayList<>();
        if (sessionId != null) {
            // Only now, with the session's row locked, does no more token come that this would have to outlast.
            revocations.add(Revocation.ofSession(sessionId, token.userId(), REASON, tokens.latestEnd()));
        }
        revocations.add(Revocation.ofToken(
                token.id(), token.userId(), REASON, token.expiresAt().plus(AccessTokens.LEEWAY)));
        handle.attach(TokenBlocklist.class).revoke(revocations);
        if (ended || (sessionId == null && isThere(handle, token.userId()))) {
            audit.write(
                    handle,
                    AuditEvent.by(token.userId(), AuditEvent.Type.LOGGED_OUT, source)
                            .in(sessionId));
        }
        return revocations;
    }

    /** And stays until this is committed. One whose session ends is kept by that: a deletion waits for the session's row. */
    private static boolean isThere(Handle handle, UUID userId) {
        UserLocks users = handle.attach(UserLocks.class);
        String unused = users.keep(userId);
        return users.exists(userId);
    }
}
