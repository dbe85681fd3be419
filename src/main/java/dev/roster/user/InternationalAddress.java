package dev.roster.user;

import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.Reason;
import java.net.IDN;
import java.text.Normalizer;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Tells what is wrong with an e-mail address that has other characters than ASCII, and what to write instead. */
final class InternationalAddress {
    private static final int LAST_ASCII = 0x7F;

    private InternationalAddress() {}

    /** Returns null if the address is in ASCII. */
    static @Nullable Reason reason(String address) {
        OptionalInt foreign = address.codePoints().filter(c -> c > LAST_ASCII).findFirst();
        if (foreign.isEmpty()) {
            return null;
        }
        int at = address.indexOf('@');
        String domain = asciiDomain(address.substring(at + 1));
        if (domain != null && isValid(address.substring(0, at + 1) + domain)) {
            return Reason.of(ErrorCode.INTERNATIONAL_DOMAIN, "must have its domain in ASCII: " + domain, domain);
        }
        boolean isInDomain = at >= 0 && address.indexOf(foreign.getAsInt()) > at;
        String advice = isInDomain && Character.isLetter(foreign.getAsInt())
                ? "; write an international domain in its ASCII form, xn--…"
                : "";
        return Reason.of(
                ErrorCode.NOT_ASCII,
                "must have only ASCII characters, not " + display(foreign.getAsInt()) + advice,
                number(foreign.getAsInt()));
    }

    private static boolean isValid(String inAscii) {
        return inAscii.length() <= EmailAddress.MAX_LENGTH && EmailAddress.isValid(inAscii);
    }

    /**
     * The ASCII form of an international domain, or null if it is not certain. Java knows IDNA 2003 only, which maps
     * some characters to others. The form is that of IDNA 2008 too if it leads back to the same domain.
     */
    private static @Nullable String asciiDomain(String domain) {
        try {
            String ascii = IDN.toASCII(domain).toLowerCase(Locale.ROOT);
            String normal = Normalizer.normalize(domain, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
            return IDN.toUnicode(ascii).equals(normal) ? ascii : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** The character, if it is visible by itself. */
    private static String display(int codePoint) {
        String number = number(codePoint);
        return Character.isLetterOrDigit(codePoint) ? Character.toString(codePoint) + " (" + number + ")" : number;
    }

    private static String number(int codePoint) {
        return String.format("U+%04X", codePoint);
    }
}
