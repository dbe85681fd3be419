package dev.roster.user;

import dev.roster.refusal.InvalidValueException;

/**
 * A person's name: 1 to 100 code points of any script after trimming and normalization, at least one of them visible.
 *
 * @param value the name in Unicode NFC, trimmed
 */
public record PersonName(String value) {
    private static final int MAX_CODE_POINTS = 100;

    /** @throws InvalidValueException if the text is not a name */
    public PersonName(String value) {
        this.value = VisibleText.of(value, MAX_CODE_POINTS);
    }
}
