package dev.roster.host;

import java.util.function.Function;

/**
 * A type of members of request bodies whose values are strings in JSON.
 *
 * @param parse throws an {@code InvalidValueException}, whose message the client sees, if the text is invalid
 * @param standIn any value of the type. It takes the place of an invalid one until the whole body has been checked
 */
public record BodyType<T>(Class<T> type, Function<String, T> parse, T standIn) {}
