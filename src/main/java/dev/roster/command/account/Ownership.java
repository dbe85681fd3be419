package dev.roster.command.account;

import dev.roster.command.Commands;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.refusal.TokenFault;
import dev.roster.revocation.Revocations;
import dev.roster.token.AccessToken;
import dev.roster.token.AccessTokens;
import java.util.UUID;

/** Callers change, delete and log out only themselves. Thread-safe. */
public final class Ownership {
    private final Commands commands;
    private final AccessTokens tokens;
    private final Revocations revocations;

    public Ownership(Commands commands, AccessTokens tokens, Revocations revocations) {
        this.commands = commands;
        this.tokens = tokens;
        this.revocations = revocations;
    }

    /**
     * Checks the caller's token again: it was authenticated before the body arrived, and may have expired or been
     * revoked since.
     *
     * @throws RefusedException {@code INVALID_TOKEN}; if the user is not the caller, {@code FORBIDDEN}, or {@code
     *     NOT_FOUND} if there is no such user
     */
    public void require(AccessToken caller, UUID userId) {
        if (revocations.cover(caller.ids(), caller.issuedAt())) {
            throw caller.refused(TokenFault.REVOKED);
        }
        if (tokens.isExpired(caller)) {
            throw caller.refused(TokenFault.EXPIRED);
        }
        if (!userId.equals(caller.userId())) {
            throw commands.read(UserLocks.class, users -> users.exists(userId))
                    ? new RefusedException(Refusal.FORBIDDEN, "This is another user's account.")
                    : new RefusedException(Refusal.NOT_FOUND, "There is no such user.");
        }
    }
}
