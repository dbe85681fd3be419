package dev.roster.refusal;

import java.io.Serializable;

/**
 * An invalid member of a request.
 *
 * @param field the member's name as the client wrote it, or {@code body}
 * @param message what is wrong with it
 */
public record InvalidMember(String field, String message) implements Serializable {}
