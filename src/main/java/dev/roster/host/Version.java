package dev.roster.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/**
 * The version of this build. Maven writes it into a resource. The jar's manifest has it too, but a bare {@code mvn}
 * runs without a jar.
 */
public final class Version {
    private static final String RESOURCE = "version.properties";

    private Version() {}

    /** The version in {@code pom.xml}. */
    public static String current() {
        Properties properties = new Properties();
        try (InputStream resource = Objects.requireNonNull(Version.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            properties.load(resource);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }
}
