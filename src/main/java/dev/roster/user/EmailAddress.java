package dev.roster.user;

import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.InvalidValueException;
import dev.roster.refusal.Reason;
import java.util.regex.Pattern;

/**
 * An e-mail address, {@code local@domain} in ASCII: a dot-atom of at most 64 characters and a host name with a dot (RFC
 * 5321, section 4.1.2, without quoted local parts and address literals). Case is ignored: the database compares the
 * lower-case {@code email_key}.
 *
 * @param value the address as typed, without surrounding spaces
 */
public record EmailAddress(String value) {
    static final int MAX_LENGTH = 254;

    private static final int MAX_LOCAL_LENGTH = 64;

    // Possessive quantifiers only, so that no input causes backtracking.
    private static final Pattern LOCAL =
            Pattern.compile("[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]++(?:\\.[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]++)*+");
    private static final Pattern LABEL = Pattern.compile("[a-zA-Z0-9]++(?:-++[a-zA-Z0-9]++)*+");
    private static final int MAX_LABEL_LENGTH = 63;
    private static final Pattern DIGITS = Pattern.compile("[0-9]++");
    private static final Reason MALFORMED = Reason.of(ErrorCode.MALFORMED, "must be a well-formed e-mail address");

    /** @throws InvalidValueException if the text is not a valid address */
    public EmailAddress(String value) {
        this.value = trim(value);
        if (this.value.length() > MAX_LENGTH) {
            throw new InvalidValueException(
                    ErrorCode.TOO_LONG, "must be at most " + MAX_LENGTH + " characters", MAX_LENGTH);
        }
        if (!isValid(this.value)) {
            Reason international = InternationalAddress.reason(this.value);
            throw new InvalidValueException(international == null ? MALFORMED : international);
        }
    }

    /** Whether an address of at most the maximum length is well-formed. */
    static boolean isValid(String address) {
        int at = address.indexOf('@');
        return at >= 0
                && at <= MAX_LOCAL_LENGTH
                && LOCAL.matcher(address.substring(0, at)).matches()
                && isHostName(address.substring(at + 1));
    }

    private static boolean isHostName(String domain) {
        String[] labels = domain.split("\\.", -1);
        for (String label : labels) {
            if (label.length() > MAX_LABEL_LENGTH || !LABEL.matcher(label).matches()) {
                return false;
            }
        }
        // No top-level domain is a number, but the last part of an IPv4 address is.
        return labels.length > 1 && !DIGITS.matcher(labels[labels.length - 1]).matches();
    }

    private static String trim(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && text.charAt(start) == ' ') {
            start++;
        }
        while (end > start && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(start, end);
    }
}
