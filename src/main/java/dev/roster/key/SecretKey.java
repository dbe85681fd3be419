package dev.roster.key;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/** A secret key from the settings, for signatures and MACs. {@link #toString} does not reveal it. Thread-safe. */
public final class SecretKey {
    /** The message about a key that is not long enough. The setting's name stands before it. */
    public static final String TOO_SHORT = "must be at least 32 bytes; generate it: openssl rand -base64 48";

    /** The message about a key that is not hard to guess. */
    public static final String WEAK = "is easy to guess; generate it: openssl rand -base64 48";

    private static final int MIN_BYTES = 32; // RFC 7518, section 3.2: at least as long as the hash
    private static final int MIN_DISTINCT_CHARACTERS = 8;
    private static final int MAX_REPEATED_CHARACTERS = 16;

    /** Well-known example keys of at least 32 bytes. */
    private static final Set<String> EXAMPLES = Set.of(
            "change-me-to-a-random-secret-of-32-bytes-or-more",
            "your-256-bit-secret-your-256-bit-secret",
            "a-string-secret-at-least-256-bits-long",
            "abcdefghijklmnopqrstuvwxyz0123456789",
            "abcdefghijklmnopqrstuvwxyz1234567890",
            "abcdefghijklmnopqrstuvwxyz012345",
            "abcdefghijklmnopqrstuvwxyz123456");

    private final String text;

    @JsonCreator
    public SecretKey(String text) {
        this.text = text;
    }

    public byte[] bytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @JsonIgnore
    public boolean isEmpty() {
        return text.isEmpty();
    }

    /**
     * Returns a MAC of a message: HMAC-SHA-256 (RFC 2104), 32 bytes. Each purpose has its own derived key, so a MAC
     * made for one purpose is not valid for another.
     */
    public byte[] authenticate(String purpose, byte[] message) {
        return Hmac.of(Hmac.of(bytes(), purpose.getBytes(StandardCharsets.UTF_8)), message);
    }

    @JsonIgnore
    public boolean isLongEnough() {
        return bytes().length >= MIN_BYTES;
    }

    /** Whether it is neither a known example nor a repetition; true if it is not long enough. */
    @JsonIgnore
    public boolean isHardToGuess() {
        return !isLongEnough() || (!EXAMPLES.contains(text.toLowerCase(Locale.ROOT)) && !isRepetitive());
    }

    /** Whether the text has few distinct characters, or repeats its first few characters to the end. */
    private boolean isRepetitive() {
        return text.chars().distinct().count() < MIN_DISTINCT_CHARACTERS
                || IntStream.rangeClosed(1, Math.min(MAX_REPEATED_CHARACTERS, text.length() / 2))
                        .anyMatch(length -> text.startsWith(text.substring(length)));
    }

    @Override
    public String toString() {
        return "********";
    }
}
