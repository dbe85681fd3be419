package dev.roster.command.emailchange;

import dev.roster.command.user.EmailTaken;
import dev.roster.command.user.UserCommands;
import dev.roster.mail.token.InvalidToken;
import dev.roster.mail.token.TokenOwner;
import dev.roster.refusal.RefusedException;
import dev.roster.user.StoredUser;
import dev.roster.user.User;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Locks the user for whom a token claims an address. */
final class ClaimedAddress {
    private ClaimedAddress() {}

    /**
     * Locks the user, and whoever has the address, in the order that all changes of addresses keep.
     *
     * @return the user
     * @throws RefusedException {@code INVALID} if the user was deleted meanwhile, {@code EMAIL_TAKEN} if another user
     *     has the address
     */
    static User lock(Handle handle, TokenOwner claim) {
        List<StoredUser> locked = handle.attach(UserCommands.class).lock(claim.userId(), claim.address());
        User user = locked.stream()
                .map(StoredUser::user)
                .filter(one -> one.id().equals(claim.userId()))
                .findAny()
                .orElseThrow(InvalidToken::refusal);
        if (locked.size() > 1) {
            throw EmailTaken.refusal();
        }
        return user;
    }
}
