package dev.roster.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The version of this build. Maven writes it into a resource. The jar's manifest has it too, but a bare {@code mvn}
 * runs without a jar.
 */
public final class Version {
    private static final String RESOURCE = "version.txt";

    private Version() {}

    /** The version in {@code pom.xml}. */
    public static String current() {
        try (InputStream resource = Objects.requireNonNull(Version.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            return new String(resource.readAllBytes(), StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
