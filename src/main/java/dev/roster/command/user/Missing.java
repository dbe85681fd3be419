package dev.roster.command.user;

import dev.roster.user.Refusal;
import dev.roster.user.RefusedException;
import java.util.UUID;

/** Why a guarded statement touched no row. */
final class Missing {
    private Missing() {}

    static RefusedException user() {
        return new RefusedException(Refusal.NOT_FOUND, "There is no such user.");
    }

    static RefusedException userOrVersion(UserCommands users, UUID id) {
        return users.exists(id)
                ? new RefusedException(Refusal.VERSION_CONFLICT, "The user has changed since.")
                : user();
    }
}
