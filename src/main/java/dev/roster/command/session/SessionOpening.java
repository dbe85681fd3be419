package dev.roster.command.session;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Commands;
import dev.roster.command.Effects;
import dev.roster.http.RequestSource;
import dev.roster.limit.Bucket;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.token.RefreshToken;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

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
     * @throws RefusedException {@code TOO_MANY_REQUESTS}; {@code ACCOUNT_DISABLED} or {@code PASSWORD_RESET_REQUIRED}
     *     if an operator has closed the account
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
                    Optional<Outcome> outcome = proof.open(handle, session);
                    outcome.ifPresent(found -> {
                        if (found.closedFor() == null) {
                            accept(handle, effects, session, source, proof);
                        } else {
                            refuse(handle, effects, userId, source, proof, found.closedFor());
                        }
                    });
                    return outcome.map(Outcome::session);
                })
                .map(open -> tokens.pair(refreshToken, open, issuedAt));
    }

    private void accept(Handle handle, Effects effects, NewSession session, RequestSource source, Proof proof) {
        UUID userId = session.userId();
        List<UUID> ended = handle.attach(SessionCommands.class).noteLoginAndEndOldest(userId, perUser);
        ending.revoke(effects, userId, ended, TOO_MANY);
        boolean isReached = limit.take(handle, userId.toString()).isEmpty();
        proof.accept(handle);
        effects.record(AuditEvent.by(userId, AuditEvent.Type.LOGGED_IN, source).in(session.id()));
        ended.forEach(id -> effects.record(AuditEvent.by(userId, AuditEvent.Type.SESSION_ENDED, source)
                .in(id)
                .with(TOO_MANY)));
        recordIf(isReached, effects, userId, source);
    }

    /**
     * Refuses after the commit, so that the event is stored. Counts towards the limit of logins, because each attempt
     * stores an event.
     */
    private void refuse(
            Handle handle, Effects effects, UUID userId, RequestSource source, Proof proof, Refusal closedFor) {
        boolean isReached = limit.take(handle, userId.toString()).isEmpty();
        proof.confirm(handle);
        effects.record(AuditEvent.against(userId, AuditEvent.Type.LOGIN_REFUSED, source)
                .with(closedFor.name().toLowerCase(Locale.ROOT)));
        recordIf(isReached, effects, userId, source);
        effects.refuse(new RefusedException(
                closedFor,
                closedFor == Refusal.ACCOUNT_DISABLED
                        ? "An operator has disabled this account."
                        : "An operator requires that the password is set anew."));
    }

    private void recordIf(boolean isReached, Effects effects, UUID userId, RequestSource source) {
        if (isReached) {
            effects.record(AuditEvent.against(userId, AuditEvent.Type.LIMIT_HIT, source)
                    .with(limit.name()));
        }
    }

    /** That somebody is who they say they are. Checked before the transaction, and again by it. */
    public interface Proof {
        /**
         * Inserts the session, if the proof still holds and the account is open, and locks the user's row: a change
         * that would end the session either waits for it or is seen by it.
         *
         * @return empty if the proof does not hold any more
         */
        Optional<Outcome> open(Handle handle, NewSession session);

        /**
         * Called instead of {@link #accept} if the account is closed. Changes nothing.
         *
         * @throws RefusedException if the client must not learn that the proof holds
         */
        void confirm(Handle handle);

        /**
         * Makes further changes, such as forgetting failures. Called in the same transaction, after the sessions and
         * the limit on logins.
         */
        void accept(Handle handle);
    }

    /**
     * The outcome of a proof that holds.
     *
     * @param session null if the account is closed
     * @param closedFor why the account is closed; null if it is open
     */
    public record Outcome(
            @Nullable OpenSession session, @Nullable Refusal closedFor) {
        public static Outcome opened(OpenSession session) {
            return new Outcome(session, null);
        }

        public static Outcome closed(Refusal closedFor) {
            return new Outcome(null, closedFor);
        }
    }
}
