package dev.roster.command.session;

import dev.roster.audit.AuditEvent;
import dev.roster.audit.AuditEvents;
import dev.roster.command.account.Ownership;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.revocation.Revocation;
import dev.roster.revocation.RevokedTokens;
import dev.roster.revocation.TokenBlocklist;
import dev.roster.token.AccessToken;
import dev.roster.token.AccessTokens;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Ends sessions of the caller: from the answer on their access and refresh tokens are refused. Thread-safe. */
public final class EndSessionsHandler {
    private final Jdbi jdbi;
    private final Ownership ownership;
    private final AccessTokens tokens;
    private final RevokedTokens revoked;
    private final AuditEvents audit;

    public EndSessionsHandler(
            Jdbi jdbi, Ownership ownership, AccessTokens tokens, RevokedTokens revoked, AuditEvents audit) {
        this.jdbi = jdbi;
        this.ownership = ownership;
        this.tokens = tokens;
        this.revoked = revoked;
        this.audit = audit;
    }

    /** @throws RefusedException {@code INVALID_TOKEN}, {@code FORBIDDEN}, {@code NOT_FOUND} */
    public void handle(EndSessions command) {
        ownership.require(command.caller(), command.userId());
        UUID one = command.sessionId();
        List<Revocation> revocations =
                jdbi.inTransaction(handle -> one == null ? endAll(handle, command) : end(handle, command, one));
        revocations.forEach(revoked::add);
    }

    private List<Revocation> end(Handle handle, EndSessions command, UUID sessionId) {
        if (!handle.attach(SessionCommands.class).end(sessionId, command.userId())) {
            // Where nobody was told of its end, for the answer to that commit was lost, this node learns it now.
            handle.attach(TokenBlocklist.class).find(sessionId).forEach(revoked::learn);
            throw new RefusedException(Refusal.NOT_FOUND, "There is no such session.");
        }
        write(handle, command, List.of(sessionId));
        return EndedSessions.revoke(handle, command.userId(), List.of(sessionId), EndedSessions.REASON, tokens);
    }

    /** The caller's own too, whatever has become of its row. */
    private List<Revocation> endAll(Handle handle, EndSessions command) {
        AccessToken caller = command.caller();
        SessionCommands sessions = handle.attach(SessionCommands.class);
        sessions.lockUser(caller.userId());
        Set<UUID> ended = new LinkedHashSet<>(sessions.endOthers(caller.userId(), null));
        EndedSessions.learn(handle, caller.userId(), revoked);
        write(handle, command, ended);
        if (caller.sessionId() != null) {
            ended.add(caller.sessionId());
        }
        List<Revocation> revocations = new ArrayList<>(
                EndedSessions.revoke(handle, caller.userId(), List.copyOf(ended), EndedSessions.REASON, tokens));
        if (caller.sessionId() == null) {
            Revocation ofCaller = Revocation.ofToken(
                    caller.id(),
                    caller.userId(),
                    EndedSessions.REASON,
                    caller.expiresAt().plus(AccessTokens.LEEWAY));
            handle.attach(TokenBlocklist.class).revoke(List.of(ofCaller));
            revocations.add(ofCaller);
        }
        return revocations;
    }

    private void write(Handle handle, EndSessions command, Collection<UUID> ended) {
        AuditEvent event = AuditEvent.by(command.userId(), AuditEvent.Type.SESSION_ENDED, command.source());
        audit.write(handle, ended.stream().map(event::in).toList());
    }
}
