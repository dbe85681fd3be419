package dev.roster.audit;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The newest seal at some time. An operator who notes it elsewhere can prove later that all seals up to it are
 * unchanged.
 *
 * @param code the first half of the seal's MAC, in hexadecimal
 */
public record Head(long number, String code) {
    private static final int DIGITS = 32;
    private static final Pattern FORM = Pattern.compile("(\\d{1,18}):([0-9a-f]{" + DIGITS + "})");

    static Head of(long number, Mac mac) {
        return new Head(number, mac.hex().substring(0, DIGITS));
    }

    /** Parses the result of {@link #toString}; empty if the text has another form. */
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
