package dev.roster.command.user;

import dev.roster.audit.AuditEvent;
import dev.roster.audit.AuditEvents;
import dev.roster.command.caller.Callers;
import dev.roster.command.caller.Ownership;
import dev.roster.token.AccessTokens;
import dev.roster.token.revocation.Revocation;
import dev.roster.token.revocation.RevokedTokens;
import dev.roster.token.revocation.TokenBlocklist;
import dev.roster.user.RefusedException;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** Deletes users with their sessions and, in the same transaction, revokes every token of theirs. Thread-safe. */
public final class DeleteUserHandler {
    private final Jdbi jdbi;
    private final Ownership ownership;
    private final AccessTokens tokens;
    private final RevokedTokens revoked;
    private final AuditEvents audit;

    public DeleteUserHandler(
            Jdbi jdbi, Ownership ownership, AccessTokens tokens, RevokedTokens revoked, AuditEvents audit) {
        this.jdbi = jdbi;
        this.ownership = ownership;
        this.tokens = tokens;
        this.revoked = revoked;
        this.audit = audit;
    }

    /** @throws RefusedException {@code INVALID_TOKEN}, {@code FORBIDDEN}, {@code NOT_FOUND}, {@code VERSION_CONFLICT} */
    public void handle(DeleteUser command) {
        ownership.require(command.caller(), command.id());
        Revocation revocation = jdbi.inTransaction(handle -> {
            String unused = handle.attach(Callers.class).takeAway(command.id());
            if (!handle.attach(UserCommands.class).delete(command.id(), command.versions())) {
                throw Missing.callerOrVersion(handle, command.id());
            }
            // Only now, with the sessions deleted too, does no more token come that it would have to outlast.
            Revocation ofUser = Revocation.ofUser(command.id(), "user_deleted", tokens.latestEnd());
            handle.attach(TokenBlocklist.class).revoke(List.of(ofUser));
            audit.writeDeletion(
                    handle,
                    AuditEvent.by(command.id(), AuditEvent.Type.DELETED, command.source())
                            .in(command.caller().sessionId()));
            return ofUser;
        });
        revoked.add(revocation);
    }
}
