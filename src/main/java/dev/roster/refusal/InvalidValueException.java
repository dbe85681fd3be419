package dev.roster.refusal;

/** A value is not valid. The client is told the reason. */
public final class InvalidValueException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    public InvalidValueException(Reason reason) {
        super(reason.message());
        this.reason = reason;
    }

    /**
     * @param message follows the name of the value in a sentence
     * @param values of the code's parameters, in their order
     */
    public InvalidValueException(ErrorCode code, String message, Object... values) {
        this(Reason.of(code, message, values));
    }

    public Reason reason() {
        return reason;
    }
}
