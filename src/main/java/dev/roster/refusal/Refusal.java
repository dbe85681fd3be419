package dev.roster.refusal;

/** Why the service says no. What a client is told of each is decided at the edge, in {@code http}. */
public enum Refusal {
    /** No credentials came with a request that needs some. */
    UNAUTHENTICATED,
    /** The address or the password is wrong; which, nobody is told. */
    INVALID_CREDENTIALS,
    /** The access token is malformed, forged, expired or revoked; which, nobody is told. */
    INVALID_TOKEN,
    /** The caller may not do this. */
    FORBIDDEN,
    /** There is no such user. */
    NOT_FOUND,
    /** Another user has this address. */
    EMAIL_TAKEN,
    /** The user has changed since the version that the caller named. */
    VERSION_CONFLICT,
    /** Members of the request are not valid. */
    INVALID,
    /** More requests came than a limit lets through; trying again later helps. */
    TOO_MANY_REQUESTS,
    /** Something that the request needs does not answer in time; trying again later may help. */
    UNAVAILABLE
}
