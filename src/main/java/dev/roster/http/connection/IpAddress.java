package dev.roster.http.connection;

import com.google.common.net.InetAddresses;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The addresses of clients in headers and sockets, and their networks. */
public final class IpAddress {
    /** Stands for the network of a client whose address is not known. */
    public static final String UNKNOWN_NETWORK = "unknown";

    private static final int NETWORK_BYTES = 8; // the /64 of an IPv6 address, which one client usually owns

    private IpAddress() {}

    /**
     * Parses an address, with or without the brackets and zone of IPv6; null if it is malformed. Never resolves names.
     */
    public static @Nullable InetAddress parse(String text) {
        String bare = text.replaceAll("[\\[\\]]|%.*", "");
        return InetAddresses.isInetAddress(bare) ? InetAddresses.forString(bare) : null;
    }

    /** The network by which a client is counted: an IPv4 address, or the /64 of an IPv6 address. */
    public static String network(@Nullable String ip) {
        InetAddress address = ip == null ? null : parse(ip);
        if (address == null) {
            return UNKNOWN_NETWORK;
        }
        return address instanceof Inet6Address
                ? Arrays.toString(Arrays.copyOf(address.getAddress(), NETWORK_BYTES))
                : address.getHostAddress();
    }
}
