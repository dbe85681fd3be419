package dev.roster.command.account;

import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.revocation.Revocations;
import dev.roster.token.AccessToken;
import dev.roster.token.AccessTokens;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** People change, delete and log out themselves and nobody else. Thread-safe. */
public final class Ownership {
    private final Jdbi jdbi;
    private final AccessTokens tokens;
    private final Revocations revocations;

    public Ownership(Jdbi jdbi, AccessTokens tokens, Revocations revocations) {
        this.jdbi = jdbi;
        this.tokens = tokens;
        this.revocations = revocations;
    }

    /**
     * Looks at the caller's token once more: it was authenticated when its request's header came, and a body can be sent
     * so slowly that the token has been revoked or has expired since.
     *
     * @throws RefusedException {@code INVALID_TOKEN}; where the user is not the caller, {@code FORBIDDEN}, or {@code
     *     NOT_FOUND} where there is no such user
     */
    public void require(AccessToken caller, UUID userId) {
        if (tokens.isExpired(caller) || revocations.containAny(caller.ids())) {
            throw gone();
        }
        if (!userId.equals(caller.userId())) {
            throw jdbi.withExtension(UserLocks.class, callers -> callers.exists(userId))
                    ? new RefusedException(Refusal.FORBIDDEN, "This is another user's.")
                    : new RefusedException(Refusal.NOT_FOUND, "There is no such user.");
        }
    }

    /** For a caller who is not there any more, and whose token is no good for that. */
    public static RefusedException gone() {
        return new RefusedException(Refusal.INVALID_TOKEN, "The access token is not valid.");
    }
}
