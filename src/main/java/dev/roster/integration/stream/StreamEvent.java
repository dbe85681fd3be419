package dev.roster.integration.stream;

import dev.roster.revocation.RevokedId;

/** What a stream tells after its snapshot. Times are in seconds since 1970. */
sealed interface StreamEvent {
    record OfId(RevokedId id) implements StreamEvent {}

    /**
     * Every token that was issued until this moment is revoked.
     *
     * @param expiry the last moment at which such a token could be accepted
     */
    record OfAll(long until, long expiry) implements StreamEvent {}
}
