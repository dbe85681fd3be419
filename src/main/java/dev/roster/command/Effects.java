package dev.roster.command;

import dev.roster.audit.AuditEvent;
import dev.roster.audit.AuditEvents;
import dev.roster.http.RequestSource;
import dev.roster.refusal.RefusedException;
import dev.roster.revocation.AllRevoked;
import dev.roster.revocation.Revocation;
import dev.roster.revocation.RevokedTokens;
import dev.roster.revocation.TokenBlocklist;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The effects of one transaction. Their rows are written at its end and commit with it. Memory changes after the commit
 * and before the answer, so the next request with a revoked token is refused. Not thread-safe.
 */
public final class Effects {
    private final RevokedTokens revoked;
    private final List<Revocation> revocations = new ArrayList<>();
    private final List<AuditEvent> events = new ArrayList<>();
    private final Set<UUID> changedUsers = new LinkedHashSet<>();
    private @Nullable AllRevoked all;
    private @Nullable RefusedException refusal;

    Effects(RevokedTokens revoked) {
        this.revoked = revoked;
    }

    /** Revokes a token, session or user in {@code token_blocklist} and in this node's memory. */
    public void revoke(Revocation revocation) {
        revocations.add(revocation);
    }

    /**
     * Adds revocations that another transaction has committed to this node's memory at once, even if this transaction
     * fails. Use it for sessions that have already ended: this node may answer before the feed announces their end.
     */
    public void learn(List<Revocation> committed) {
        committed.forEach(revoked::learn);
    }

    /** Adds a row that revokes all tokens, which this transaction has written, to this node's memory if it commits. */
    public void learn(AllRevoked written) {
        all = written;
    }

    /** Writes an event to the audit trail. */
    public void record(AuditEvent event) {
        events.add(event);
    }

    /**
     * Writes an event for each limit that is now reached.
     *
     * @param userId whose limits they are; null if they are of an address or a client
     */
    public void recordReached(List<String> limits, @Nullable UUID userId, RequestSource source) {
        for (String name : limits) {
            record(AuditEvent.against(userId, AuditEvent.Type.LIMIT_HIT, source).with(name));
        }
    }

    /** Removes this user from this node's cache, because its row has changed or was deleted. */
    public void changed(UUID userId) {
        changedUsers.add(userId);
    }

    /** Refuses the request after the commit. For transactions whose rows must stay, such as a counted failure. */
    public void refuse(RefusedException refused) {
        refusal = refused;
    }

    void write(Handle handle, AuditEvents audit) {
        if (!revocations.isEmpty()) {
            handle.attach(TokenBlocklist.class).revoke(revocations);
        }
        audit.write(handle, events);
    }

    void apply(AuditEvents audit, Consumer<UUID> userChanged) {
        revocations.forEach(revoked::add);
        if (all != null) {
            revoked.add(all);
        }
        changedUsers.forEach(userChanged);
        audit.committed(events);
        if (refusal != null) {
            throw refusal;
        }
    }
}
