package dev.roster.command.session;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.http.RequestSource;
import dev.roster.token.RefreshToken;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Opens sessions. Everything that lets somebody in comes here with a {@link Proof}: a login with a password today, a
 * passkey or a second factor later. Thread-safe.
 */
public final class SessionOpening {
    private static final String TOO_MANY = "too_many_sessions";

    private final Commands commands;
    private final SessionTokens tokens;
    private final SessionEnding ending;
    private final long lifetimeSeconds;
    private final int perUser;

    public SessionOpening(
            Commands commands, SessionTokens tokens, SessionEnding ending, SessionConfiguration configuration) {
        this.commands = commands;
        this.tokens = tokens;
        this.ending = ending;
        this.perUser = configuration.perUser();
        this.lifetimeSeconds = Math.min(
                configuration.idleLifetime().toSeconds(),
                configuration.lifetime().toSeconds());
    }

    /**
     * Opens a session. If the user has too many, the least recently used one ends.
     *
     * @return its first tokens; empty if the proof does not hold any more
     */
    public Optional<TokenPair> open(UUID userId, RequestSource source, Proof proof) {
        RefreshToken refreshToken = tokens.first();
        NewSession session = new NewSession(
                refreshToken.sessionId(),
                userId,
                refreshToken.hash(),
                lifetimeSeconds,
                source.userAgent(),
                source.ip());
        Instant issuedAt = tokens.now();
        return commands.run((handle, effects) -> {
                    Optional<OpenSession> opened = proof.open(handle, session);
                    if (opened.isPresent()) {
                        List<UUID> ended = handle.attach(SessionCommands.class).endOldest(userId, perUser);
                        ending.revoke(effects, userId, ended, TOO_MANY);
                        proof.accept(handle);
                        effects.record(AuditEvent.by(userId, AuditEvent.Type.LOGGED_IN, source)
                                .in(session.id()));
                        ended.forEach(id -> effects.record(AuditEvent.by(userId, AuditEvent.Type.SESSION_ENDED, source)
                                .in(id)
                                .with(TOO_MANY)));
                    }
                    return opened;
                })
                .map(open -> tokens.pair(refreshToken, open, issuedAt));
    }

    /** That somebody is who they say they are. Checked before the transaction, and again by it. */
    public interface Proof {
        /**
         * Inserts the session, if the proof still holds, and locks the user's row: a change that would end the session
         * either waits for it or is seen by it.
         *
         * @return empty if the proof does not hold any more
         */
        Optional<OpenSession> open(Handle handle, NewSession session);

        /**
         * Makes further changes, such as forgetting failures. Called in the same transaction, after the sessions.
         */
        void accept(Handle handle);
    }
}
