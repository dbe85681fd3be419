package dev.roster.query.list;

import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.InvalidValueException;
import java.util.regex.Pattern;

/** The parameter {@code limit} of a list: how many rows a page has. */
public final class PageSize {
    public static final int DEFAULT = 50;

    private static final Pattern FORM = Pattern.compile("[1-9][0-9]{0,2}");
    private static final int MAX = 200;

    private PageSize() {}

    /** @throws InvalidValueException if the text is not a size of a page */
    public static int parse(String text) {
        int size = FORM.matcher(text).matches() ? Integer.parseInt(text) : 0;
        if (size < 1 || size > MAX) {
            throw new InvalidValueException(ErrorCode.OUT_OF_RANGE, "must be a whole number from 1 to " + MAX, 1, MAX);
        }
        return size;
    }
}
