package dev.roster.revocation;

import java.time.Instant;

/**
 * Hears what the feed tells this node about revocations, once memory has it. A revocation by a request of this node is
 * reported when the feed brings it, like every other. Called by the feed's thread only; must neither block nor throw.
 */
public interface RevocationObserver {
    /** An id was revoked, or its revocation lasts longer than before. */
    void revoked(RevokedId id);

    /** Every token that was issued until this moment was revoked. */
    void allRevoked(Instant until, Instant expiresAt);

    /**
     * Every revocation that was committed until this moment has been told.
     *
     * @param completeUntil by the database's clock
     */
    void proven(Instant completeUntil);
}
