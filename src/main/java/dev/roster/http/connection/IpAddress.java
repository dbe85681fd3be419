package dev.roster.http.connection;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Parses the addresses of clients in headers and sockets. */
public final class IpAddress {
    private IpAddress() {}

    /**
     * Parses an address, with or without the brackets and zone of IPv6; null if it is malformed. Never resolves names.
     */
    public static @Nullable InetAddress parse(String text) {
        String bare = text.replaceAll("[\\[\\]]|%.*", "");
        return InetAddresses.isInetAddress(bare) ? InetAddresses.forString(bare) : null;
    }
}
