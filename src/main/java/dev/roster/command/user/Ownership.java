package dev.roster.command.user;

import dev.roster.token.AccessToken;
import dev.roster.token.AccessTokens;
import dev.roster.token.RevokedTokens;
import dev.roster.user.Refusal;
import dev.roster.user.RefusedException;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** People change and delete themselves and nobody else. Thread-safe. */
final class Ownership {
    private final Jdbi jdbi;
    private final AccessTokens tokens;
    private final RevokedTokens revoked;

    Ownership(Jdbi jdbi, AccessTokens tokens, RevokedTokens revoked) {
        this.jdbi = jdbi;
        this.tokens = tokens;
        this.revoked = revoked;
    }

    /**
     * Looks at the caller's token once more: it was authenticated when its request's header came, and a body can be sent
     * so slowly that the token has been revoked or has expired since.
     *
     * @throws RefusedException {@code INVALID_TOKEN}; where the user is not the caller, {@code FORBIDDEN}, or {@code
     *     NOT_FOUND} where there is no such user
     */
    void require(AccessToken caller, UUID id) {
        if (tokens.isExpired(caller) || revoked.contains(caller)) {
            throw Missing.caller();
        }
        if (!id.equals(caller.userId())) {
            throw jdbi.withExtension(UserCommands.class, users -> users.exists(id))
                    ? new RefusedException(Refusal.FORBIDDEN, "This is another user's.")
                    : new RefusedException(Refusal.NOT_FOUND, "There is no such user.");
        }
    }
}
