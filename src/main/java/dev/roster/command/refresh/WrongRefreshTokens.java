package dev.roster.command.refresh;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.http.RequestSource;
import dev.roster.limit.GuessLimit;
import dev.roster.refusal.RefusedException;
import dev.roster.refusal.TokenFault;

/** Counts wrong refresh tokens by client address. Thread-safe. */
final class WrongRefreshTokens {
    private final Commands commands;
    private final GuessLimit limit;

    WrongRefreshTokens(Commands commands, GuessLimit limit) {
        this.commands = commands;
        this.limit = limit;
    }

    /**
     * Counts one.
     *
     * @param fault why it is wrong, for the log
     * @return {@code INVALID_TOKEN}, for the client
     * @throws RefusedException {@code TOO_MANY_REQUESTS} if the address has sent too many
     */
    RefusedException refuse(TokenFault fault, RequestSource source) {
        limit.throwIfRefreshRecentlyRefused(source.ip());
        return commands.run((handle, effects) -> {
            for (String reached : limit.recordWrongRefreshToken(handle, source.ip())) {
                effects.record(AuditEvent.against(null, AuditEvent.Type.LIMIT_HIT, source)
                        .with(reached));
            }
            return RefusedException.refreshToken(fault);
        });
    }
}
