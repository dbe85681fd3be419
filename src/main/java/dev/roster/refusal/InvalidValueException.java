package dev.roster.refusal;

/** A value is not valid. The message follows the name of the member in a sentence, and is shown to the client. */
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
