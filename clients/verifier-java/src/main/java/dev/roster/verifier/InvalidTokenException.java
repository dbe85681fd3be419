package dev.roster.verifier;

/** There is no token, or it is not valid: answer 401 with {@link #challenge()}. The message is for a log. */
public final class InvalidTokenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean isMissing;

    private InvalidTokenException(String message, boolean isMissing) {
        super(message);
        this.isMissing = isMissing;
    }

    InvalidTokenException(String message) {
        this(message, false);
    }

    static InvalidTokenException missing() {
        return new InvalidTokenException("No bearer token", true);
    }

    /** The value of {@code WWW-Authenticate} (RFC 6750, section 3). */
    public String challenge() {
        return isMissing ? "Bearer" : "Bearer error=\"invalid_token\"";
    }
}
