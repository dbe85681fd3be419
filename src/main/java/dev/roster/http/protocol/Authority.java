package dev.roster.http.protocol;

import com.google.common.net.InetAddresses;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A host and perhaps a port: the value of a {@code Host} header (RFC 9110, section 7.2), or the authority of a URI (RFC
 * 3986, section 3.2) without user information.
 *
 * @param host in lower case; an IPv6 address has its brackets
 * @param port null if there is none, or an empty one
 */
record Authority(String host, @Nullable Integer port) {
    private static final Pattern FORM = Pattern.compile("(?<host>\\[(?<address>[0-9A-Fa-f:.]{2,45})]"
            + "|(?:[A-Za-z0-9._~!$&'()*+;=-]|%[0-9A-Fa-f]{2}){1,255})(?::(?<port>[0-9]{0,9}))?");
    private static final int MAX_PORT = 65_535;

    /** Parses an authority; null if it is malformed. */
    static @Nullable Authority parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return null;
        }
        String address = form.group("address");
        if (address != null && !(address.contains(":") && InetAddresses.isInetAddress(address))) {
            return null;
        }
        String digits = form.group("port");
        Integer port = digits == null || digits.isEmpty() ? null : Integer.valueOf(digits);
        return port == null || (port > 0 && port <= MAX_PORT)
                ? new Authority(form.group("host").toLowerCase(Locale.ROOT), port)
                : null;
    }

    @Override
    public String toString() {
        return port == null ? host : host + ":" + port;
    }
}
