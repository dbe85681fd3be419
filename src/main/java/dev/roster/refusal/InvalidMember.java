package dev.roster.refusal;

import java.io.Serializable;

/**
 * An invalid member, parameter or header of a request.
 *
 * @param field its name as the client wrote it, or {@code body}
 */
public record InvalidMember(String field, Reason reason) implements Serializable {
    /** What is wrong with it. */
    public String message() {
        return reason.message();
    }
}
