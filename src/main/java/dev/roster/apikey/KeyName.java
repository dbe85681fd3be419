package dev.roster.apikey;

import dev.roster.refusal.InvalidValueException;
import dev.roster.user.VisibleText;

/**
 * The name that operators give a key: 1 to 100 code points of any script.
 *
 * @param value the name in Unicode NFC, trimmed
 */
public record KeyName(String value) {
    private static final int MAX_CODE_POINTS = 100;

    /** @throws InvalidValueException if the text is not a name */
    public KeyName(String value) {
        this.value = VisibleText.of(value, MAX_CODE_POINTS);
    }
}
