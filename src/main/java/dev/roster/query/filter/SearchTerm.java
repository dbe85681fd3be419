package dev.roster.query.list;

import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.InvalidValueException;
import java.text.Normalizer;
import java.util.regex.Pattern;

/**
 * A search term: 1 to 100 code points after trimming and normalization, without control characters. It matches users
 * whose name or e-mail address contains it, ignoring case.
 *
 * @param text the term in Unicode NFC, trimmed
 */
record SearchTerm(String text) {
    private static final int MAX_CODE_POINTS = 100;
    private static final String LENGTH = "must be 1 to " + MAX_CODE_POINTS + " characters";
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9]{3,}");

    /** @throws InvalidValueException if the text is not a search term */
    SearchTerm(String text) {
        if (text.codePoints().anyMatch(Character::isISOControl)) {
            throw new InvalidValueException(ErrorCode.CONTROL_CHARACTER, "must not contain control characters");
        }
        this.text = Normalizer.normalize(trim(text), Normalizer.Form.NFC);
        int length = this.text.codePointCount(0, this.text.length());
        if (length < 1) {
            throw new InvalidValueException(ErrorCode.BLANK, LENGTH);
        }
        if (length > MAX_CODE_POINTS) {
            throw new InvalidValueException(ErrorCode.TOO_LONG, LENGTH, MAX_CODE_POINTS);
        }
    }

    /** Whether PostgreSQL's trigrams cover the term in every locale: three or more ASCII letters or digits. */
    boolean isWord() {
        return WORD.matcher(text).matches();
    }

    private static String trim(String text) {
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
}
