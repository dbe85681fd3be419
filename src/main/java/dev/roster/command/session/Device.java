package dev.roster.command.session;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.HttpHeaders;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a request comes from, for its sender to recognise.
 *
 * @param userAgent what its {@code User-Agent} says, made safe to show, at most 256 characters
 * @param ip the address of whoever opened the connection: behind a proxy, the proxy's
 */
public record Device(@Nullable String userAgent, @Nullable String ip) {
    private static final int MAX_CHARACTERS = 256;

    // What moves a terminal's cursor or turns the reading direction, and what is no character.
    private static final Pattern UNSAFE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

    // No name: that would be looked up.
    private static final Pattern LITERAL = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    public static Device of(HttpServletRequest request) {
        return new Device(shown(request.getHeader(HttpHeaders.USER_AGENT)), literal(request.getRemoteAddr()));
    }

    static @Nullable String shown(@Nullable String header) {
        if (header == null) {
            return null;
        }
        String safe = UNSAFE.matcher(header).replaceAll("").strip();
        int length = safe.codePointCount(0, safe.length());
        return safe.isEmpty() ? null : safe.substring(0, safe.offsetByCodePoints(0, Math.min(length, MAX_CHARACTERS)));
    }

    /** An address without the brackets and the zone that IPv6 ones come with; null where it is none. */
    static @Nullable String literal(String address) {
        String bare = address.replaceAll("[\\[\\]]|%.*", "");
        if (!LITERAL.matcher(bare).matches()) {
            return null;
        }
        try {
            return InetAddress.getByName(bare).getHostAddress();
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
