package dev.roster.user;

import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.Reason;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A number of at most as many digits as a client writes whose numbers are IEEE 754 doubles, such as JavaScript.
 *
 * @param text without exponent and superfluous zeros
 * @param objection why the number is refused; null if it is not
 */
public record ExactNumber(String text, @Nullable Reason objection) {
    private static final long MAX = (1L << 53) - 1;
    private static final int MAX_INTEGER_DIGITS = 16;

    /** Every double can be read back from at most 17 digits. */
    private static final int MAX_DIGITS = 17;

    private static final int MAX_DECIMALS = 30;

    /** The longest number that is parsed. The largest double without exponent is shorter. */
    private static final int MAX_LENGTH = 400;

    private static final ExactNumber TOO_LARGE = new ExactNumber(
            "0", Reason.of(ErrorCode.OUT_OF_RANGE, "must be a number from " + -MAX + " to " + MAX, -MAX, MAX));
    private static final ExactNumber INEXACT = new ExactNumber(
            "0",
            Reason.of(
                    ErrorCode.INEXACT_NUMBER,
                    "must have at most " + MAX_DIGITS + " significant digits and " + MAX_DECIMALS + " decimals",
                    MAX_DIGITS,
                    MAX_DECIMALS));

    /** @param text a number in JSON */
    public static ExactNumber of(String text) {
        if (text.length() > MAX_LENGTH) {
            return INEXACT;
        }
        try {
            return of(new BigDecimal(text));
        } catch (NumberFormatException e) { // an exponent that does not fit an int
            return text.contains("e-") || text.contains("E-") ? INEXACT : TOO_LARGE;
        }
    }

    private static ExactNumber of(BigDecimal number) {
        if (number.signum() == 0) {
            return new ExactNumber("0", null);
        }
        // Compares digits before it writes any: 1e400000 has 400,001.
        long integerDigits = (long) number.precision() - number.scale();
        if (integerDigits > MAX_INTEGER_DIGITS || number.abs().compareTo(BigDecimal.valueOf(MAX)) > 0) {
            return TOO_LARGE;
        }
        BigDecimal shortest = number.stripTrailingZeros();
        return shortest.precision() > MAX_DIGITS || shortest.scale() > MAX_DECIMALS
                ? INEXACT
                : new ExactNumber(shortest.toPlainString(), null);
    }
}
