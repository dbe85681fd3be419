package dev.roster.refusal;

import java.io.Serializable;

/**
 * An invalid member, parameter or header of a request.
 *
 * @param field its name as the client wrote it, or {@code body}
 */
public record InvalidMember(String field, Reason reason) implements Serializable {
    /** The most members that an answer names. */
    public static final int MAX_TOLD = 100;

    /** What is wrong with it. */
    public String message() {
        return reason.message();
    }

    /** A name as a part of a path, as in a JSON pointer (RFC 6901). */
    public static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
