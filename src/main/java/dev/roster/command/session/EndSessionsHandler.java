package dev.roster.command.session;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.command.Effects;
import dev.roster.command.account.Ownership;
import dev.roster.http.condition.Validators;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.revocation.Revocation;
import dev.roster.revocation.TokenBlocklist;
import dev.roster.token.AccessToken;
import dev.roster.token.AccessTokens;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Ends sessions of the caller. From the answer on, their access and refresh tokens are refused. Thread-safe. */
public final class EndSessionsHandler {
    private final Commands commands;
    private final Ownership ownership;
    private final SessionEnding ending;

    public EndSessionsHandler(Commands commands, Ownership ownership, SessionEnding ending) {
        this.commands = commands;
        this.ownership = ownership;
        this.ending = ending;
    }

    /**
     * @throws RefusedException {@code INVALID_TOKEN}, {@code FORBIDDEN}, {@code NOT_FOUND}, {@code VERSION_CONFLICT}
     */
    public void handle(EndSessions command) {
        ownership.require(command.caller(), command.userId());
        UUID one = command.sessionId();
        List<UUID> unused = commands.run((handle, effects) ->
                one == null ? endAll(handle, effects, command) : end(handle, effects, command, one));
    }

    private List<UUID> end(Handle handle, Effects effects, EndSessions command, UUID sessionId) {
        if (!handle.attach(SessionCommands.class).end(sessionId, command.userId())) {
            // The answer to the commit that ended it may have been lost: this node learns of it now.
            effects.learn(handle.attach(TokenBlocklist.class).find(sessionId));
            throw new RefusedException(Refusal.NOT_FOUND, "There is no such session.");
        }
        command.preconditions().require(Validators.NONE);
        List<UUID> ended = List.of(sessionId);
        effects.record(event(command).in(sessionId));
        ending.revoke(effects, command.userId(), ended, SessionEnding.REASON);
        return ended;
    }

    /** Ends the caller's own session too, even if its row is gone. */
    private List<UUID> endAll(Handle handle, Effects effects, EndSessions command) {
        command.preconditions().require(Validators.NONE);
        AccessToken caller = command.caller();
        UUID userId = caller.userId();
        handle.attach(SessionCommands.class).lockUser(userId);
        List<UUID> ended = ending.endOthers(handle, effects, userId, null, event(command), SessionEnding.REASON);
        if (caller.sessionId() == null) {
            effects.revoke(Revocation.ofToken(
                    caller.id(),
                    userId,
                    SessionEnding.REASON,
                    caller.expiresAt().plus(AccessTokens.LEEWAY)));
        } else if (!ended.contains(caller.sessionId())) {
            ending.revoke(effects, userId, List.of(caller.sessionId()), SessionEnding.REASON);
        }
        return ended;
    }

    private static AuditEvent event(EndSessions command) {
        return AuditEvent.by(command.userId(), AuditEvent.Type.SESSION_ENDED, command.source());
    }
}
