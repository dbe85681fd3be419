package dev.roster.password;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;

/**
 * A password as a client sent it, normalized to Unicode NFC (RFC 8265, section 4.2.2), so that the same password
 * matches from every keyboard. {@link #toString} hides the text, which must not reach logs, messages or responses.
 */
public final class Password {
    /** bcrypt ignores further bytes. */
    static final int MAX_BYTES = 72;

    private final String text;

    public Password(String text) {
        this.text = Normalizer.normalize(text, Normalizer.Form.NFC);
    }

    /**
     * Whether bcrypt hashes the password without loss. bcrypt truncates at 72 bytes. jBCrypt also treats {@code x} and
     * {@code x␀x} as equal, and a lone surrogate as a question mark.
     */
    boolean isHashable() {
        return text.indexOf('\0') < 0 && isWellFormed() && lengthInBytes() <= MAX_BYTES;
    }

    boolean isWellFormed() {
        return text.codePoints().noneMatch(codePoint -> Character.getType(codePoint) == Character.SURROGATE);
    }

    int lengthInBytes() {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    int lengthInCodePoints() {
        return text.codePointCount(0, text.length());
    }

    String text() {
        return text;
    }

    /** The text without differences of case. Both ways, because ß is the small letter of SS, and σ and ς are of Σ. */
    String folded() {
        return text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT).replace('ς', 'σ');
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Password password && text.equals(password.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return "Password[********]";
    }
}
