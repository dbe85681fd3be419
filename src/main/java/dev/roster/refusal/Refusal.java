package dev.roster.refusal;

/** Why the service refuses a request. {@code http.problem} maps each reason to a response. */
public enum Refusal {
    /** The request has no access token, but needs one. */
    UNAUTHENTICATED,
    /** The request has no API key, or one that is wrong, expired or revoked. The client is not told which. */
    NO_API_KEY,
    /** The e-mail address or the password is wrong. The client is not told which. */
    INVALID_CREDENTIALS,
    /** The access token is malformed, forged, expired or revoked. The client is not told which. */
    INVALID_TOKEN,
    /** The password is right, but an operator has disabled the account. */
    ACCOUNT_DISABLED,
    /** The password is right, but an operator requires that it is set anew. */
    PASSWORD_RESET_REQUIRED,
    /** The caller may not do this. */
    FORBIDDEN,
    /** The API key lacks the scope that the request needs. */
    INSUFFICIENT_SCOPE,
    /** Users may not register themselves. */
    REGISTRATION_CLOSED,
    /** The user, session or key does not exist. */
    NOT_FOUND,
    /** Another user has this e-mail address. */
    EMAIL_TAKEN,
    /** The signing key is a setting, or this process cannot open it. */
    KEY_NOT_ROTATED,
    /** A precondition of the request does not hold, for example because the user has changed. */
    VERSION_CONFLICT,
    /** The answer would be too large for the memory of a node. */
    EXPORT_TOO_LARGE,
    /** The request must name the version that it changes. */
    PRECONDITION_REQUIRED,
    /** Members of the request are not valid. */
    INVALID,
    /** The caller has reached a limit and should retry later. */
    TOO_MANY_REQUESTS,
    /** The service cannot answer in time. The client may retry later. */
    UNAVAILABLE
}
