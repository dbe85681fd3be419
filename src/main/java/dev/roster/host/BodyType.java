package dev.roster.host;

import java.util.function.Function;

/**
 * A type of members of request bodies.
 *
 * @param parse makes a value of a string, or of the JSON text of an object. Throws an {@code InvalidValueException} or
 *     a {@code RefusedException}, whose reasons the client sees, if it is invalid
 * @param standIn any value of the type. It takes the place of an invalid one until the whole body has been checked
 */
public record BodyType<T>(Class<T> type, Form form, Function<String, T> parse, T standIn) {

    /** A type whose values are strings in JSON. */
    public BodyType(Class<T> type, Function<String, T> parse, T standIn) {
        this(type, Form.STRING, parse, standIn);
    }

    /** A type whose values are objects in JSON, with any members. */
    public static <T> BodyType<T> ofObject(Class<T> type, Function<String, T> parse, T standIn) {
        return new BodyType<>(type, Form.OBJECT, parse, standIn);
    }

    /** What a value is in JSON. */
    public enum Form {
        STRING,
        OBJECT
    }
}
