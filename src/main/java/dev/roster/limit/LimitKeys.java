package dev.roster.limit;

import dev.roster.key.SecretKey;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Computes the keys of limits in the database: MACs, so that they reveal no account or address. Thread-safe. */
public final class LimitKeys {
    private static final int BYTES = 18;
    private static final int NETWORK_BYTES = 8; // the /64 of an IPv6 address, which one client usually owns

    /** Stands for the network of a client whose address is not known. */
    static final String UNKNOWN = "unknown";

    private final SecretKey secretKey;

    LimitKeys(SecretKey secretKey) {
        this.secretKey = secretKey;
    }

    String of(String limit, String subject) {
        byte[] mac = secretKey.authenticate("limit-" + limit, subject.getBytes(StandardCharsets.UTF_8));
        return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(mac, BYTES));
    }

    /**
     * What a person's changes with a new password are counted by. They need the current one, so a thief of a token
     * cannot use them up and keep the owner from a new password.
     */
    public static String newPassword(UUID userId) {
        return userId + " password";
    }

    /** The network that a client address is counted by: an IPv4 address, or the /64 of an IPv6 address. */
    public static String network(@Nullable String ip) {
        if (ip == null) {
            return UNKNOWN;
        }
        try {
            InetAddress address = InetAddress.getByName(ip); // a literal, so no DNS lookup
            return address instanceof Inet6Address
                    ? Arrays.toString(Arrays.copyOf(address.getAddress(), NETWORK_BYTES))
                    : address.getHostAddress();
        } catch (UnknownHostException e) {
            return UNKNOWN;
        }
    }
}
