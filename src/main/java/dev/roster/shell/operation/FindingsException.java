package dev.roster.shell.operation;

/** The audit trail is not as it was written. The findings are printed already. */
public final class FindingsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FindingsException() {
        super("The audit trail is not as it was written", null, false, false);
    }
}
