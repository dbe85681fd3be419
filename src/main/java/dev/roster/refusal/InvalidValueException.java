package dev.roster.refusal;

/** A text that is not a value of its type. The message completes «name …» and may be shown to the client. */
public final class InvalidValueException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public InvalidValueException(String message) {
        super(message);
    }

    /** The message, which this exception always has. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
