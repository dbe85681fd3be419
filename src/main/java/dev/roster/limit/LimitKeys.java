package dev.roster.limit;

import dev.roster.key.SecretKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;

/** Computes the keys of limits in the database: MACs, so that they reveal no account or address. Thread-safe. */
public final class LimitKeys {
    private static final int BYTES = 18;

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
}
