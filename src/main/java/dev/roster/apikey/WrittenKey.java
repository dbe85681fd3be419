package dev.roster.apikey;

import dev.roster.key.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A key as a client sends it: {@code rk_}, an id of 12 characters, {@code _}, and a secret of 256 bits in 43
 * characters, both in base64url. The id may contain {@code _} itself, so its length decides where it ends.
 *
 * @param id names the key; it is not secret
 */
public record WrittenKey(String id, Secret secret) {
    private static final Pattern FORM = Pattern.compile("rk_([\\w-]{12})_([\\w-]{43})");
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final int ID_BYTES = 9;
    private static final int SECRET_BYTES = 32;

    /** Makes a new key. */
    public static WrittenKey random(SecureRandom random) {
        String id;
        do {
            id = text(random, ID_BYTES);
        } while (id.startsWith("-")); // at a shell, it would look like an option
        return new WrittenKey(id, new Secret(text(random, SECRET_BYTES)));
    }

    private static String text(SecureRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return BASE64.encodeToString(bytes);
    }

    /** Reads a key; empty if the text does not have the form of one. */
    static Optional<WrittenKey> parse(String text) {
        Matcher parts = FORM.matcher(text);
        return parts.matches()
                ? Optional.of(new WrittenKey(parts.group(1), new Secret(parts.group(2))))
                : Optional.empty();
    }

    /** The form that clients send. */
    public String reveal() {
        return "rk_" + id + "_" + secret.reveal();
    }

    /** The SHA-256 that the database stores. A random secret needs no slow hash. */
    public byte[] hash() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.reveal().getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
