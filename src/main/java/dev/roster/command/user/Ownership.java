package dev.roster.command.user;

import dev.roster.token.AccessToken;
import dev.roster.user.Refusal;
import dev.roster.user.RefusedException;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** People change and delete themselves and nobody else. */
final class Ownership {
    private Ownership() {}

    /**
     * @throws RefusedException where the user is not the caller: {@code FORBIDDEN}, or {@code NOT_FOUND} where there is
     *     no such user
     */
    static void require(Jdbi jdbi, AccessToken caller, UUID id) {
        if (!id.equals(caller.userId())) {
            throw jdbi.withExtension(UserCommands.class, users -> users.exists(id))
                    ? new RefusedException(Refusal.FORBIDDEN, "This is another user's.")
                    : Missing.user();
        }
    }
}
