package dev.roster.query;

import dev.roster.user.InvalidValueException;
import java.util.regex.Pattern;

/**
 * A piece of a name or an address that is looked for: 1 to 100 code points after trimming.
 *
 * @param text the piece, trimmed
 */
record Piece(String text) {
    private static final int MAX_CODE_POINTS = 100;
    private static final Pattern TRIGRAM = Pattern.compile("[A-Za-z0-9]{3}");
    private static final Pattern BEYOND_TRIGRAMS = Pattern.compile("^[A-Za-z0-9][^A-Za-z0-9]|[^A-Za-z0-9]{2}");

    /** @throws InvalidValueException where nothing can be looked for by this text */
    Piece(String text) {
        if (text.codePoints().anyMatch(Character::isISOControl)) {
            throw new InvalidValueException("must not contain control characters");
        }
        this.text = trim(text);
        int length = this.text.codePointCount(0, this.text.length());
        if (length < 1 || length > MAX_CODE_POINTS) {
            throw new InvalidValueException("must be 1 to " + MAX_CODE_POINTS + " characters");
        }
    }

    /** Whether PostgreSQL's trigrams can find it, in every locale. */
    boolean hasTrigrams() {
        return TRIGRAM.matcher(text).find();
    }

    /** Whether there is more to it than trigrams know, as {@code users_pieces_of} in the database says it. */
    boolean goesBeyondTrigrams() {
        return BEYOND_TRIGRAMS.matcher(text).find();
    }

    /** The piece as a pattern for LIKE, which finds it anywhere. */
    String pattern() {
        return "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
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
