package dev.roster.command.session;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a request comes from, for its sender to recognise.
 *
 * @param userAgent what its {@code User-Agent} says, made safe to show, at most 256 characters
 * @param ip the address of whoever opened the connection: behind a proxy, the proxy's
 */
public record Device(@Nullable String userAgent, String ip) {
    private static final int MAX_CHARACTERS = 256;

    // What moves a terminal's cursor or turns the reading direction, and what is no character.
    private static final Pattern UNSAFE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

    public static Device of(HttpServletRequest request) {
        return new Device(shown(request.getHeader(HttpHeaders.USER_AGENT)), request.getRemoteAddr());
    }

    private static @Nullable String shown(@Nullable String header) {
        if (header == null) {
            return null;
        }
        String safe = UNSAFE.matcher(header).replaceAll("").strip();
        int length = safe.codePointCount(0, safe.length());
        return safe.isEmpty() ? null : safe.substring(0, safe.offsetByCodePoints(0, Math.min(length, MAX_CHARACTERS)));
    }
}
