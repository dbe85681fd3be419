package dev.roster.refusal;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Why a value is invalid.
 *
 * @param message follows the name of the value in a sentence
 * @param parameters of the rule, by name, as the code declares them
 */
public record Reason(ErrorCode code, String message, Map<String, Object> parameters) implements Serializable {

    /** @param values of the code's parameters, in their order: numbers, strings, or lists of strings */
    public static Reason of(ErrorCode code, String message, Object... values) {
        List<String> names = code.parameters();
        if (names.size() != values.length) {
            throw new IllegalArgumentException(code + " has the parameters " + names);
        }
        Map<String, Object> parameters = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            parameters.put(names.get(i), values[i]);
        }
        return new Reason(code, message, Collections.unmodifiableMap(parameters));
    }

    /** The reason for a value that is not one of these. */
    public static Reason notAllowed(List<String> allowed) {
        return of(ErrorCode.NOT_ALLOWED, "must be one of: " + String.join(", ", allowed), allowed);
    }
}
