package dev.roster.user;

import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.InvalidValueException;
import dev.roster.refusal.Reason;
import java.text.Normalizer;

/** Short texts of any script that people read in lists and logs. */
public final class VisibleText {
    /** No code point of NFC stands for more code points. */
    private static final int MAX_DECOMPOSED = 4;

    private VisibleText() {}

    /**
     * Returns a text in Unicode NFC, trimmed.
     *
     * @param maximum the most code points that the result may have
     * @throws InvalidValueException if the text is longer, is blank, or has characters that could mislead its reader
     */
    public static String of(String text, int maximum) {
        text.codePoints().forEach(VisibleText::refuseUnsafe);
        String trimmed = trim(text);
        // Before the normalization too, which takes long for a long text.
        requireLength(trimmed, maximum * MAX_DECOMPOSED, maximum);
        String normal = Normalizer.normalize(trimmed, Normalizer.Form.NFC);
        requireLength(normal, maximum, maximum);
        if (normal.codePoints().noneMatch(VisibleText::isVisible)) {
            throw new InvalidValueException(ErrorCode.BLANK, "must not be blank");
        }
        return normal;
    }

    private static void requireLength(String text, int limit, int maximum) {
        if (text.codePointCount(0, text.length()) > limit) {
            throw new InvalidValueException(ErrorCode.TOO_LONG, "must be at most " + maximum + " characters", maximum);
        }
    }

    private static void refuseUnsafe(int codePoint) {
        Reason objection = SafeText.objection(codePoint);
        if (objection != null) {
            throw new InvalidValueException(objection);
        }
    }

    /** Removes spaces at both ends. Unlike {@link String#strip}, removes no-break spaces too. */
    public static String trim(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && Character.isSpaceChar(text.charAt(start))) {
            start++;
        }
        while (end > start && Character.isSpaceChar(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
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
