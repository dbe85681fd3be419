package dev.roster.http;

import jakarta.ws.rs.BadRequestException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the {@code Authorization} header (RFC 9110, section 11.6.2). */
public final class Credentials {
    private Credentials() {}

    /**
     * Returns the credentials of a request; null if there are none for this scheme.
     *
     * @param headers all {@code Authorization} headers of the request
     * @throws BadRequestException if there is more than one (RFC 6750, section 3.1)
     */
    public static @Nullable String of(@Nullable List<String> headers, String scheme) {
        if (headers == null || headers.isEmpty()) {
            return null;
        }
        if (headers.size() > 1) {
            throw new BadRequestException("There is more than one Authorization header");
        }
        String header = headers.get(0);
        int end = scheme.length();
        boolean isOfScheme =
                header.regionMatches(true, 0, scheme, 0, end) && header.length() > end && header.charAt(end) == ' ';
        return isOfScheme ? header.substring(end + 1).strip() : null;
    }
}
