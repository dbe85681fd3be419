package dev.roster.http.body;

import dev.roster.http.problem.ProblemType;

/** A request body that is too large or cannot be parsed. */
final class BodyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ProblemType type;

    /** @param detail one sentence for the client */
    BodyException(ProblemType type, String detail) {
        super(detail, null, false, false);
        this.type = type;
    }

    ProblemType type() {
        return type;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
