package dev.roster.query.filter;

import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.InvalidValueException;

/** A text that a filter compares as it is. */
public final class FilterText {
    private FilterText() {}

    /**
     * Returns the text.
     *
     * @param maximum the most code points that it may have
     * @throws InvalidValueException if it is longer, or contains control characters
     */
    public static String of(String text, int maximum) {
        if (text.codePoints().anyMatch(Character::isISOControl)) {
            throw new InvalidValueException(ErrorCode.CONTROL_CHARACTER, "must not contain control characters");
        }
        if (text.codePointCount(0, text.length()) > maximum) {
            throw new InvalidValueException(ErrorCode.TOO_LONG, "must be at most " + maximum + " characters", maximum);
        }
        return text;
    }
}
