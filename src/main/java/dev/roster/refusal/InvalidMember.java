package dev.roster.refusal;

import java.io.Serializable;

/**
 * What is wrong with one member of a request.
 *
 * @param field the member's name as the client wrote it, or {@code body} for the whole
 */
public record InvalidMember(String field, String message) implements Serializable {}
