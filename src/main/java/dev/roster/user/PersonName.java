package dev.roster.user;

import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.InvalidValueException;
import dev.roster.refusal.Reason;
import java.text.Normalizer;

/**
 * A person's name: 1 to 100 code points of any script after trimming and normalization, at least one of them visible.
 *
 * @param value the name in Unicode NFC, trimmed
 */
public record PersonName(String value) {
    private static final int MAX_CODE_POINTS = 100;

    /** No code point of NFC stands for more code points. */
    private static final int MAX_DECOMPOSED = 4;

    /** @throws InvalidValueException if the text is not a name */
    public PersonName(String value) {
        value.codePoints().forEach(PersonName::refuseUnsafe);
        String trimmed = trim(value);
        // Before the normalization too, which takes long for a long text.
        requireLength(trimmed, MAX_CODE_POINTS * MAX_DECOMPOSED);
        this.value = Normalizer.normalize(trimmed, Normalizer.Form.NFC);
        requireLength(this.value, MAX_CODE_POINTS);
        if (this.value.codePoints().noneMatch(PersonName::isVisible)) {
            throw new InvalidValueException(ErrorCode.BLANK, "must not be blank");
        }
    }

    private static void requireLength(String text, int maximum) {
        if (text.codePointCount(0, text.length()) > maximum) {
            throw new InvalidValueException(
                    ErrorCode.TOO_LONG, "must be at most " + MAX_CODE_POINTS + " characters", MAX_CODE_POINTS);
        }
    }

    private static void refuseUnsafe(int codePoint) {
        Reason objection = SafeText.objection(codePoint);
        if (objection != null) {
            throw new InvalidValueException(objection);
        }
    }

    private static String trim(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    // Unlike String.strip(), includes no-break spaces.
    private static boolean isSpace(char character) {
        return Character.isSpaceChar(character);
    }

    private static boolean isVisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.FORMAT,
                    Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK -> false;
            default -> !isBlankLetter(codePoint);
        };
    }

    /** Letters and symbols without a glyph: the Hangul fillers, the blank Braille cell, plane 14. */
    private static boolean isBlankLetter(int codePoint) {
        return codePoint == 0x115F
                || codePoint == 0x1160
                || codePoint == 0x3164
                || codePoint == 0xFFA0
                || codePoint == 0x2800
                || (codePoint >= 0xE0000 && codePoint <= 0xE0FFF);
    }
}
