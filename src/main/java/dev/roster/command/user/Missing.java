package dev.roster.command.user;

import dev.roster.user.Refusal;
import dev.roster.user.RefusedException;
import java.util.UUID;

/** Why a guarded statement about the caller's own row touched none. */
final class Missing {
    private Missing() {}

    /** The caller is not there any more, and its token with it. */
    static RefusedException caller() {
        return new RefusedException(Refusal.INVALID_TOKEN, "The access token is not valid.");
    }

    static RefusedException callerOrVersion(UserCommands users, UUID id) {
        return users.exists(id)
                ? new RefusedException(Refusal.VERSION_CONFLICT, "The user has changed since.")
                : caller();
    }
}
