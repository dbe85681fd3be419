package dev.roster.command.session;

import dev.roster.audit.AuditEvent;
import dev.roster.command.Effects;
import dev.roster.command.session.SessionCommands.EndedSession;
import dev.roster.http.RequestSource;
import dev.roster.revocation.AllRevoked;
import dev.roster.revocation.Revocation;
import dev.roster.revocation.TokenBlocklist;
import dev.roster.token.AccessTokens;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Ends sessions and revokes their access tokens. Thread-safe. */
public final class SessionEnding {
    /** The reason in {@code token_blocklist} if the user, or an operator, ended a session. */
    public static final String REASON = Revocation.SESSION_ENDED;

    /** Users in one transaction. Each may have a hundred sessions. */
    private static final int BATCH = 200;

    private final AccessTokens tokens;

    public SessionEnding(AccessTokens tokens) {
        this.tokens = tokens;
    }

    /**
     * Ends every session of a user except one. The caller has locked the user's row.
     *
     * @param keptId the session to keep; null to end all
     * @param event recorded for each session
     * @return the ids of the sessions that it ended
     */
    public List<UUID> endOthers(
            Handle handle, Effects effects, UUID userId, @Nullable UUID keptId, AuditEvent event, String reason) {
        List<UUID> ended = handle.attach(SessionCommands.class).endOthers(userId, keptId);
        // A session that another request or node has just ended is not among them.
        effects.learn(handle.attach(TokenBlocklist.class).findLatestOf(userId));
        revoke(effects, userId, ended, reason);
        ended.forEach(id -> effects.record(event.in(id)));
        return ended;
    }

    /**
     * Ends every session of a user, who has shown with the token of a mail who they are. The caller has locked the
     * user's row.
     *
     * @param reason in {@code token_blocklist}, and in the event of each session
     */
    public void endAll(Handle handle, Effects effects, UUID userId, RequestSource source, String reason) {
        AuditEvent event =
                AuditEvent.by(userId, AuditEvent.Type.SESSION_ENDED, source).with(reason);
        List<UUID> unused = endOthers(handle, effects, userId, null, event, reason);
    }

    /**
     * Ends the sessions of some users that were opened until a moment. Does not revoke their access tokens: {@link
     * #revokeAll} does, at the end.
     *
     * @param afterId the last user of the previous call
     */
    public EndedBatch endNext(
            Handle handle, Effects effects, UUID afterId, Instant openedUntil, Function<UUID, AuditEvent> event) {
        SessionCommands sessions = handle.attach(SessionCommands.class);
        List<UUID> userIds = sessions.lockNextUsers(afterId, openedUntil, BATCH);
        List<EndedSession> ended = sessions.endOpenedUntil(userIds, openedUntil);
        ended.forEach(session -> effects.record(event.apply(session.userId()).in(session.id())));
        return new EndedBatch(userIds, ended.size());
    }

    /**
     * Revokes every access token that was issued until a moment just after this call, also those of sessions and users
     * that the database does not know.
     *
     * @return the moment
     */
    public Instant revokeAll(Handle handle, Effects effects) {
        Instant latestEnd = tokens.latestEnd();
        Instant until = handle.attach(TokenBlocklist.class).revokeAll(REASON, latestEnd);
        effects.learn(AllRevoked.of(until, latestEnd, REASON));
        return until;
    }

    /**
     * Revokes the access tokens of sessions whose rows this transaction has deleted. Call it after the deletion: while
     * the rows are locked, no token is issued that outlives the revocation.
     */
    public void revoke(Effects effects, UUID userId, Collection<UUID> sessionIds, String reason) {
        Instant latestEnd = tokens.latestEnd();
        sessionIds.forEach(id -> effects.revoke(Revocation.ofSession(id, userId, reason, latestEnd)));
    }

    /**
     * The sessions of some users have ended.
     *
     * @param userIds by id; empty if no user is left
     * @param sessions how many sessions
     */
    public record EndedBatch(List<UUID> userIds, int sessions) {}
}
