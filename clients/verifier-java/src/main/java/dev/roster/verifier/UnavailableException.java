package dev.roster.verifier;

/** Nobody can tell whether the token is valid, because Roster does not answer: answer 503, never 401. */
public final class UnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnavailableException(String message) {
        super(message);
    }
}
