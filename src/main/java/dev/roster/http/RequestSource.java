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
 * Where a request comes from: for its sender to recognise, to count by, and to be written down.
 *
 * @param requestId the answer's {@code X-Request-Id}
 * @param ip the client's address, as {@link ClientAddress} knows it
 * @param userAgent what its {@code User-Agent} says, made safe to show, at most 256 characters
 */
public record RequestSource(
        String requestId, @Nullable String ip, @Nullable String userAgent) {
    private static final int MAX_CHARACTERS = 256;

    // What moves a terminal's cursor or turns the reading direction, and what is no character.
    private static final Pattern UNSAFE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

    public static RequestSource of(HttpServletRequest request) {
        InetAddress address = IpAddress.parse(request.getRemoteAddr());
        return new RequestSource(
                String.valueOf(request.getAttribute(RequestId.NAME)),
                address == null ? null : address.getHostAddress(),
                shown(request.getHeader(HttpHeaders.USER_AGENT)));
    }

    static @Nullable String shown(@Nullable String header) {
        if (header == null) {
            return null;
        }
        String safe = UNSAFE.matcher(header).replaceAll("").strip();
        int length = safe.codePointCount(0, safe.length());
        return safe.isEmpty() ? null : safe.substring(0, safe.offsetByCodePoints(0, Math.min(length, MAX_CHARACTERS)));
    }
}
