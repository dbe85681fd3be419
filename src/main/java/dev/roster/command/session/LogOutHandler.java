package dev.roster.command.session;

import dev.roster.token.AccessToken;
import dev.roster.token.AccessTokens;
import dev.roster.token.RevokedTokens;
import dev.roster.token.TokenBlocklist;
import dev.roster.user.Refusal;
import dev.roster.user.RefusedException;
import java.time.Instant;
import org.jdbi.v3.core.Jdbi;

/** Logs people out: from the answer on the token is refused. Doing it again changes nothing. Thread-safe. */
public final class LogOutHandler {
    private final Jdbi jdbi;
    private final AccessTokens tokens;
    private final RevokedTokens revoked;

    public LogOutHandler(Jdbi jdbi, AccessTokens tokens, RevokedTokens revoked) {
        this.jdbi = jdbi;
        this.tokens = tokens;
        this.revoked = revoked;
    }

    /** @throws RefusedException {@code INVALID_TOKEN} where this service did not sign the token */
    public void handle(LogOut command) {
        AccessToken token = tokens.read(command.token())
                .orElseThrow(() -> new RefusedException(Refusal.INVALID_TOKEN, "The access token is not valid."));
        if (revoked.contains(token)) {
            return;
        }
        Instant end = token.expiresAt().plus(AccessTokens.LEEWAY);
        jdbi.useTransaction(handle -> {
            handle.attach(TokenBlocklist.class).revokeToken(token.id(), token.userId(), "logged_out", end);
            if (token.sessionId() != null) {
                handle.attach(SessionCommands.class).close(token.sessionId());
            }
        });
        revoked.add(token.id(), end); // not before the commit: logging out again has to write what was not written
    }
}
