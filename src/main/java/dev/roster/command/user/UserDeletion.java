package dev.roster.command.user;

import dev.roster.audit.AuditEvent;
import dev.roster.audit.AuditEvents;
import dev.roster.command.Effects;
import dev.roster.command.account.UserLocks;
import dev.roster.revocation.Revocation;
import dev.roster.token.AccessTokens;
import dev.roster.user.StoredUser;
import java.util.UUID;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Deletes users, for themselves and for operators. Thread-safe. */
public final class UserDeletion {
    private final AccessTokens tokens;
    private final AuditEvents audit;

    public UserDeletion(AccessTokens tokens, AuditEvents audit) {
        this.tokens = tokens;
        this.audit = audit;
    }

    /**
     * Deletes a user with its sessions, revokes all its tokens, and removes the free texts from the user's audit
     * events.
     *
     * @param condition throws if the user, as it is, must not be deleted; null if it may be
     * @param event recorded in the same transaction. If the user is its actor, a closed account is not deleted: an
     *     operator has closed it while the request was on its way
     * @return whether the user was deleted; false if there is none with this id
     */
    public boolean delete(
            Handle handle, Effects effects, UUID id, @Nullable Consumer<StoredUser> condition, AuditEvent event) {
        String unused = handle.attach(UserLocks.class).lockExclusive(id);
        UserCommands users = handle.attach(UserCommands.class);
        if (condition != null) {
            users.lock(id, null).forEach(condition);
        }
        if (!users.delete(id, !id.equals(event.actorId()))) {
            return false;
        }
        // Compute the expiry after the deletion: a token issued before the deletion cannot outlive this revocation.
        effects.revoke(Revocation.ofUser(id, "user_deleted", tokens.latestEnd()));
        effects.changed(id);
        audit.forgetPerson(handle, id);
        effects.record(event);
        return true;
    }
}
