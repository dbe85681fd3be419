package dev.roster.id;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Creates ids: UUIDs of version 7 (RFC 9562, section 5.7), which sort by creation time. Thread-safe. */
public final class Ids {
    // UUID.fromString also accepts shorter forms.
    private static final Pattern FORM = Pattern.compile("(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final Clock clock;
    private final SecureRandom random;

    public Ids(Clock clock, SecureRandom random) {
        this.clock = clock;
        this.random = random;
    }

    /** Creates an id: 48 bits of milliseconds since 1970 and 74 random bits. */
    public UUID next() {
        long timeAndVersion = clock.millis() << 16 | 0x7000L | random.nextInt(0x1000);
        long variantAndRandom = 0x8000_0000_0000_0000L | random.nextLong() >>> 2;
        return new UUID(timeAndVersion, variantAndRandom);
    }

    /** Parses a UUID of any version in its 36-character form, in upper or lower case. Returns empty for other text. */
    public static Optional<UUID> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(UUID.fromString(text)) : Optional.empty();
    }
}
