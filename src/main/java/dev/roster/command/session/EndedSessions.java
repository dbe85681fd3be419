package dev.roster.command.session;

import dev.roster.revocation.Revocation;
import dev.roster.revocation.RevokedTokens;
import dev.roster.revocation.TokenBlocklist;
import dev.roster.token.AccessTokens;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Where sessions that have just been deleted become revocations of their access tokens. */
public final class EndedSessions {
    /** Of sessions that somebody wants over: what {@code token_blocklist} says of them. */
    public static final String REASON = "session_ended";

    private EndedSessions() {}

    /**
     * Has this node know at once what others have just revoked of a user. A session that is to be ended with all others
     * may be gone already, by a commit of which this node hears only after it has answered that all are over. To be called
     * in the transaction that deleted the rest, and before {@link #revoke}: what that writes is not to be known before it
     * is committed.
     */
    public static void learn(Handle handle, UUID userId, RevokedTokens revoked) {
        handle.attach(TokenBlocklist.class).findLatestOf(userId).forEach(revoked::learn);
    }

    /**
     * To be called in the transaction that deleted the sessions, and after it has: with their rows locked no more token of
     * theirs is issued that would outlast what is written here.
     *
     * @return what this node has to remember once that transaction is committed
     */
    public static List<Revocation> revoke(
            Handle handle, UUID userId, List<UUID> sessionIds, String reason, AccessTokens tokens) {
        Instant latestEnd = tokens.latestEnd();
        List<Revocation> revocations = sessionIds.stream()
                .map(id -> Revocation.ofSession(id, userId, reason, latestEnd))
                .toList();
        handle.attach(TokenBlocklist.class).revoke(revocations);
        return revocations;
    }
}
