package dev.roster.integration.oauth;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;

/**
 * An issuer at whose address clients find this service (RFC 8414, section 2): an https URL without query and fragment,
 * or an http URL of this machine, for development.
 *
 * @param name as tokens have it
 * @param base the address without a slash at the end
 * @param path of the address, empty or with a slash in front
 */
record Issuer(String name, String base, String path) {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    /** Empty if the name is no such URL. */
    static Optional<Issuer> of(String name) {
        try {
            URI uri = new URI(name);
            boolean isUrl = uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
            return isUrl && isSafe(uri)
                    ? Optional.of(new Issuer(name, withoutSlash(name), withoutSlash(uri.getRawPath())))
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static boolean isSafe(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme())
                || ("http".equalsIgnoreCase(uri.getScheme()) && LOOPBACK.contains(uri.getHost()));
    }

    private static String withoutSlash(String text) {
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }
}
