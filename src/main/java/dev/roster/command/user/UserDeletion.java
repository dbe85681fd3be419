package dev.roster.command.user;

import dev.roster.audit.AuditEvent;
import dev.roster.audit.AuditEvents;
import dev.roster.command.account.UserLocks;
import dev.roster.revocation.Revocation;
import dev.roster.revocation.TokenBlocklist;
import dev.roster.token.AccessTokens;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What it is to delete a user, whoever does it. Thread-safe. */
public final class UserDeletion {
    private final AccessTokens tokens;
    private final AuditEvents audit;

    public UserDeletion(AccessTokens tokens, AuditEvents audit) {
        this.tokens = tokens;
        this.audit = audit;
    }

    /**
     * Deletes the user with its sessions, revokes every token of it, writes that down and forgets what could name it. To be
     * called in a transaction.
     *
     * @param versions those of which the user must have one; null where any will do
     * @return what a node has to remember once the transaction is committed; empty where there is no such user or version
     */
    public Optional<Revocation> delete(Handle handle, UUID id, @Nullable List<Long> versions, AuditEvent event) {
        String unused = handle.attach(UserLocks.class).takeAway(id);
        if (!handle.attach(UserCommands.class).delete(id, versions)) {
            return Optional.empty();
        }
        // Only now, with the sessions deleted too, does no more token come that it would have to outlast.
        Revocation ofUser = Revocation.ofUser(id, "user_deleted", tokens.latestEnd());
        handle.attach(TokenBlocklist.class).revoke(List.of(ofUser));
        audit.writeDeletion(handle, event);
        return Optional.of(ofUser);
    }
}
