package dev.roster.command.user;

import dev.roster.command.account.Ownership;
import dev.roster.command.account.UserLocks;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Why a guarded statement about the caller's own row touched none. */
final class Missing {
    private Missing() {}

    static RefusedException callerOrVersion(Handle handle, UUID id) {
        return handle.attach(UserLocks.class).exists(id)
                ? new RefusedException(Refusal.VERSION_CONFLICT, "The user has changed since.")
                : Ownership.gone();
    }
}
