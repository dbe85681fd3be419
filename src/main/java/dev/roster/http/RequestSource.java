package dev.roster.http;

import dev.roster.http.connection.ClientAddress;
import dev.roster.http.connection.IpAddress;
import dev.roster.http.trace.RequestId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.HttpHeaders;
import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The origin of a request, for limits, session lists and the audit trail.
 *
 * @param requestId the {@code X-Request-Id} of the answer
 * @param ip the client's address as found by {@link ClientAddress}
 * @param userAgent the {@code User-Agent} header without unsafe characters, at most 256 characters
 */
public record RequestSource(
        String requestId, @Nullable String ip, @Nullable String userAgent) {
    private static final int MAX_CHARACTERS = 256;

    // Controls, formats (such as bidirectional overrides), lone surrogates and line separators.
    private static final Pattern UNSAFE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

    public static RequestSource of(HttpServletRequest request) {
        InetAddress address = IpAddress.parse(request.getRemoteAddr());
        return new RequestSource(
                String.valueOf(request.getAttribute(RequestId.NAME)),
                address == null ? null : address.getHostAddress(),
                display(request.getHeader(HttpHeaders.USER_AGENT)));
    }

    static @Nullable String display(@Nullable String header) {
        if (header == null) {
            return null;
        }
        String safe = UNSAFE.matcher(header).replaceAll("").strip();
        int length = safe.codePointCount(0, safe.length());
        return safe.isEmpty() ? null : safe.substring(0, safe.offsetByCodePoints(0, Math.min(length, MAX_CHARACTERS)));
    }
}
