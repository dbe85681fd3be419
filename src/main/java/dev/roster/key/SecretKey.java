package dev.roster.key;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import io.dropwizard.validation.ValidationMethod;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/** The key that signs access tokens, and from which other codes have theirs. Prints none of itself. Thread-safe. */
public final class SecretKey {
    private static final int MIN_BYTES = 32; // RFC 7518, section 3.2: no shorter than the hash
    private static final int MIN_BITS = 128;

    /** Texts that stand in examples; longer than 32 bytes, and known to everybody. */
    private static final Set<String> SAMPLES = Set.of(
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
     * A code over a message that only who has this key can make: HMAC-SHA-256 (RFC 2104), 32 bytes, under a key of this
     * purpose's own, so that no code made for one purpose serves another.
     */
    public byte[] authenticate(String purpose, byte[] message) {
        return Hmac.of(Hmac.of(bytes(), purpose.getBytes(StandardCharsets.UTF_8)), message);
    }

    @JsonIgnore
    @ValidationMethod(message = "(JWT_SECRET_KEY) must be at least 32 bytes, as from: openssl rand -base64 48")
    public boolean isLongEnough() {
        return bytes().length >= MIN_BYTES;
    }

    @JsonIgnore
    @ValidationMethod(message = "(JWT_SECRET_KEY) is easy to guess: use a random one, as from: openssl rand -base64 48")
    public boolean isHardToGuess() {
        return !isLongEnough() || (!SAMPLES.contains(text.toLowerCase(Locale.ROOT)) && estimatedBits() >= MIN_BITS);
    }

    /** What a random text of this length and alphabet would hold; one that repeats itself holds its first part alone. */
    private double estimatedBits() {
        String unit = smallestUnit();
        if (unit.chars().distinct().count() < 8) {
            return 0;
        }
        int alphabet = 0;
        if (unit.chars().allMatch(Character::isDigit)) {
            alphabet = 10;
        } else if (unit.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
            alphabet = 16;
        } else {
            alphabet += unit.chars().anyMatch(Character::isDigit) ? 10 : 0;
            alphabet += unit.chars().anyMatch(Character::isLowerCase) ? 26 : 0;
            alphabet += unit.chars().anyMatch(Character::isUpperCase) ? 26 : 0;
            alphabet += unit.chars().allMatch(Character::isLetterOrDigit) ? 0 : 32;
        }
        return unit.length() * Math.log(alphabet) / Math.log(2);
    }

    private String smallestUnit() {
        int next = 1;
        while (!text.startsWith(text.substring(next))) {
            next++;
        }
        return next <= text.length() / 2 ? text.substring(0, next) : text;
    }

    @Override
    public String toString() {
        return "********";
    }
}
