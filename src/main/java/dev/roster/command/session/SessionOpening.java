package dev.roster.command.session;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.http.RequestSource;
import dev.roster.limit.Bucket;
import dev.roster.refusal.RefusedException;
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
    private final Bucket limit;
    private final long lifetimeSeconds;
    private final int perUser;

    /** @param limit how often one person may log in */
    public SessionOpening(
            Commands commands,
            SessionTokens tokens,
            SessionEnding ending,
            Bucket limit,
            SessionConfiguration configuration) {
        this.commands = commands;
        this.tokens = tokens;
        this.ending = ending;
        this.limit = limit;
        this.perUser = configuration.perUser();
        this.lifetimeSeconds = Math.min(
                configuration.idleLifetime().toSeconds(),
                configuration.lifetime().toSeconds());
    }

    /**
     * Opens a session. If the user has too many, the least recently used one ends. The limit on logins is asked only
     * here, after the proof: earlier, it would tell others that the account exists and is in use.
     *
     * @return its first tokens; empty if the proof does not hold any more
     * @throws RefusedException {@code TOO_MANY_REQUESTS}
     */
    public Optional<TokenPair> open(UUID userId, RequestSource source, Proof proof) {
        limit.throwIfRecentlyRefused(userId.toString());
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
                        List<UUID> ended = handle.attach(SessionCommands.class).noteLogin(userId, perUser);
                        ending.revoke(effects, userId, ended, TOO_MANY);
                        boolean isReached =
                                limit.take(handle, userId.toString()).isEmpty();
                        proof.accept(handle);
                        effects.record(AuditEvent.by(userId, AuditEvent.Type.LOGGED_IN, source)
                                .in(session.id()));
                        ended.forEach(id -> effects.record(AuditEvent.by(userId, AuditEvent.Type.SESSION_ENDED, source)
                                .in(id)
                                .with(TOO_MANY)));
                        if (isReached) {
                            effects.record(AuditEvent.against(userId, AuditEvent.Type.LIMIT_HIT, source)
                                    .with(limit.name()));
                        }
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
         * Makes further changes, such as forgetting failures. Called in the same transaction, after the sessions and
         * the limit on logins.
         */
        void accept(Handle handle);
    }
}
