package dev.roster.password;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/**
 * A password as somebody typed it, in Unicode's form NFC (RFC 8265, section 4.2.2), so that one password typed on two
 * keyboards is one. Its text leaves this room for no log, message or answer: {@link #toString} shows none of it.
 */
public final class Password {
    /** bcrypt reads no further. */
    static final int MAX_BYTES = 72;

    private final String text;

    public Password(String text) {
        this.text = Normalizer.normalize(text, Normalizer.Form.NFC);
    }

    /**
     * Whether bcrypt takes the whole of it. It would cut what is longer than 72 bytes, and jBCrypt would take {@code x}
     * and {@code x␀x} for one password and a lone surrogate for a question mark.
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
