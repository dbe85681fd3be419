package dev.roster.database.primary;

/**
 * A transaction was to commit, and nobody knows if it did, or if its commit will last: the answer was lost, or the
 * server did not wait for its standby, or another server has become the primary. Never answer with success.
 */
public final class UnknownOutcomeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says so to clients and operators. */
    private static final String MESSAGE =
            "The outcome is unknown: the change may have been made. Check it before you repeat it.";

    public UnknownOutcomeException(Throwable cause) {
        super(MESSAGE, cause);
    }
}
