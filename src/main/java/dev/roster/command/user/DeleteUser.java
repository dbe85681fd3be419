package dev.roster.command.user;

import dev.roster.http.RequestSource;
import dev.roster.http.UserPath;
import dev.roster.http.condition.Preconditions;
import dev.roster.token.AccessToken;
import dev.roster.user.StoredUser;
import java.util.UUID;

/**
 * The command to delete a user.
 *
 * @param preconditions what the user must be like
 */
public record DeleteUser(AccessToken caller, UserPath path, Preconditions preconditions, RequestSource source) {

    UUID id() {
        return path.id(caller.userId());
    }

    /** @throws dev.roster.refusal.RefusedException {@code VERSION_CONFLICT} if a precondition does not hold */
    void requirePreconditions(StoredUser stored) {
        preconditions.require(path.ownValidators(stored));
    }
}
