package dev.roster.audit;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The newest seal at some time, to be noted elsewhere: who has it knows later that the seals up to it are those of then.
 *
 * @param code the first half of the seal's code, in hexadecimal digits
 */
public record Head(long number, String code) {
    private static final int DIGITS = 32;
    private static final Pattern FORM = Pattern.compile("(\\d{1,18}):([0-9a-f]{" + DIGITS + "})");

    static Head of(long number, Code mac) {
        return new Head(number, mac.digits().substring(0, DIGITS));
    }

    /** Reads what {@link #toString} has written; empty where it has not. */
    public static Optional<Head> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches()
                ? Optional.of(new Head(Long.parseLong(matcher.group(1)), matcher.group(2)))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return number + ":" + code;
    }
}
