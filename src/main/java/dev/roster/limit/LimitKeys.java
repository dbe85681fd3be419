package dev.roster.limit;

import dev.roster.key.SecretKey;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Makes the keys by which limits are counted: they tell nobody whom they are about. Thread-safe. */
public final class LimitKeys {
    private static final int BYTES = 18;
    private static final int NETWORK_BYTES = 8; // of an IPv6 address: whoever has one of the network has them all

    private final SecretKey secretKey;

    LimitKeys(SecretKey secretKey) {
        this.secretKey = secretKey;
    }

    String of(String limit, String subject) {
        byte[] code = secretKey.authenticate("limit-" + limit, subject.getBytes(StandardCharsets.UTF_8));
        return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(code, BYTES));
    }

    /** What an address is counted by. */
    public static String network(@Nullable String ip) {
        if (ip == null) {
            return "unknown";
        }
        try {
            InetAddress address = InetAddress.getByName(ip); // a literal: nothing is looked up
            return address instanceof Inet6Address
                    ? Arrays.toString(Arrays.copyOf(address.getAddress(), NETWORK_BYTES))
                    : address.getHostAddress();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }
}
