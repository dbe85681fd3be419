package dev.roster.query.filter;

import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.InvalidValueException;
import dev.roster.user.VisibleText;
import java.text.Normalizer;
import java.util.regex.Pattern;

/**
 * A search term: 1 to 100 code points after trimming and normalization, without control characters. It matches users
 * whose name or e-mail address contains it, ignoring case.
 *
 * @param text the term in Unicode NFC, trimmed
 */
public record SearchTerm(String text) {
    private static final int MAX_CODE_POINTS = 100;
    private static final String LENGTH = "must be 1 to " + MAX_CODE_POINTS + " characters";
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9]{3,}");

    // Folded as name_key is (migrations/fold-names.sql): while the statement is planned, not for each row. The indexes
    // need the collation of the key columns.
    private static final String TERM = "(users_folded(:term) COLLATE \"C\")";

    private static final String SEARCHED = "(name_key || chr(10) || email_key)";
    private static final String BY_TRIGRAMS = SEARCHED + " LIKE '%' || " + TERM + " || '%'";
    private static final String BY_PIECES = "users_pieces" + SEARCHED + " @> users_pieces_of(" + TERM + ") AND strpos("
            + SEARCHED + ", " + TERM + ") > 0";

    /** The condition on a row that was read anyway. */
    static final String SCANNED = "(strpos(name_key, " + TERM + ") > 0 OR strpos(email_key, " + TERM + ") > 0)";

    /** @throws InvalidValueException if the text is not a search term */
    public SearchTerm(String text) {
        if (text.codePoints().anyMatch(Character::isISOControl)) {
            throw new InvalidValueException(ErrorCode.CONTROL_CHARACTER, "must not contain control characters");
        }
        this.text = Normalizer.normalize(VisibleText.trim(text), Normalizer.Form.NFC);
        int length = this.text.codePointCount(0, this.text.length());
        if (length < 1) {
            throw new InvalidValueException(ErrorCode.BLANK, LENGTH);
        }
        if (length > MAX_CODE_POINTS) {
            throw new InvalidValueException(ErrorCode.TOO_LONG, LENGTH, MAX_CODE_POINTS);
        }
    }

    /** The condition on a row, which one of two indexes decides. */
    String condition() {
        return isWord() ? BY_TRIGRAMS : BY_PIECES;
    }

    /** Whether PostgreSQL's trigrams cover the term in every locale: three or more ASCII letters or digits. */
    private boolean isWord() {
        return WORD.matcher(text).matches();
    }
}
