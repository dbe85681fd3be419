package dev.roster.verifier;

/**
 * What happens to a valid token while the stream of revocations is stale. Each policy refuses a token that is known to
 * be revoked.
 */
public enum StalePolicy {
    /** {@link Verifier#verify} throws an {@link UnavailableException}. */
    REFUSE,

    /** Roster is asked about each token, for at most 1 s. Without an answer, the token is refused as above. */
    INTROSPECT,

    /** The token is accepted until it expires, also if it was revoked meanwhile. */
    ACCEPT_UNTIL_EXPIRY
}
