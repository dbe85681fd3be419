package dev.roster.http.connection;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the addresses of clients as they stand in headers and sockets. */
public final class IpAddress {
    // Nothing else: it would be taken for a name, and looked up.
    private static final String OCTET = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";
    private static final Pattern LITERAL =
            Pattern.compile(OCTET + "(?:\\." + OCTET + "){3}|(?=[^:]*:)[0-9a-fA-F:][0-9a-fA-F:.]*");

    private IpAddress() {}

    /** An address, with or without the brackets and the zone that IPv6 ones come with; null where it is none. */
    public static @Nullable InetAddress parse(String text) {
        String bare = text.replaceAll("[\\[\\]]|%.*", "");
        if (!LITERAL.matcher(bare).matches()) {
            return null;
        }
        try {
            return InetAddress.getByName(bare);
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
