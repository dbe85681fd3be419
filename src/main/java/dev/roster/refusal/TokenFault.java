package dev.roster.refusal;

import java.util.Locale;

/** Why a token is refused. The log and a metric have it; clients are not told. */
public enum TokenFault {
    /** The request has no access token, or no API key. */
    MISSING,
    /** The token does not have the form of one that the service issues. A refresh token also if its MAC is wrong. */
    MALFORMED,
    /** {@code alg} is not that of the key. */
    WRONG_ALGORITHM,
    /** {@code typ} is not that of an access token. */
    WRONG_TYPE,
    /** The signature is that of another key or content. */
    WRONG_SIGNATURE,
    WRONG_ISSUER,
    WRONG_AUDIENCE,
    EXPIRED,
    /** {@code iat} is ahead of the clock. */
    ISSUED_IN_THE_FUTURE,
    /** {@code nbf} is ahead of the clock. */
    NOT_YET_VALID,
    /** The token's lifetime exceeds the maximum. */
    TOO_LONG_LIVED,
    /** The token, its session or its user is revoked. */
    REVOKED,
    /** The session does not exist, has ended, or has expired. */
    UNKNOWN_SESSION,
    /** The user does not exist. */
    UNKNOWN_USER,
    /** No API key has this id and secret, or no signing key with this {@code kid} verifies any more. */
    UNKNOWN_KEY,
    /** A refresh token came back after the grace period, which ended its session. */
    REUSED;

    /** The name in the log and in the metric. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
