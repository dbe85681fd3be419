package dev.roster.user;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A JSON object that is kept about a person.
 *
 * @param text as PostgreSQL writes it. Answers contain it as it is, so a read need not parse it
 */
public record JsonObject(@JsonValue @JsonRawValue String text) {
    /** The object of a person about whom nothing is kept. */
    public static final JsonObject EMPTY = new JsonObject("{}");

    /** Returns the object with this text. Most people share {@link #EMPTY}. */
    public static JsonObject of(String text) {
        return text.equals(EMPTY.text) ? EMPTY : new JsonObject(text);
    }

    @Override
    public String toString() {
        return "JsonObject[" + text.length() + " characters]";
    }
}
