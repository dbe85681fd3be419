package dev.roster.token.signing;

import dev.roster.key.SecretKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;

/**
 * Seals private keys for the database with AES-256-GCM (NIST SP 800-38D), with the {@code kid} as associated data: 12
 * random bytes of IV, the ciphertext, and a tag of 16 bytes. Thread-safe.
 */
final class KeySeal {
    private static final String PURPOSE = "roster signing key seal";
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int IV_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecretKeySpec key;
    private final SecureRandom random;

    KeySeal(SecretKey secret, SecureRandom random) {
        this.key = new SecretKeySpec(secret.authenticate(PURPOSE, new byte[0]), "AES");
        this.random = random;
    }

    byte[] seal(String kid, PublicJsonWebKey pair) {
        byte[] iv = new byte[IV_BYTES];
        random.nextBytes(iv);
        byte[] text = pair.toJson(OutputControlLevel.INCLUDE_PRIVATE).getBytes(StandardCharsets.UTF_8);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, kid, iv).doFinal(text);
            return ByteBuffer.allocate(IV_BYTES + sealed.length)
                    .put(iv)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + CIPHER, e);
        }
    }

    /** Returns the key pair; empty if another secret or {@code kid} sealed it, or somebody changed it. */
    Optional<PublicJsonWebKey> open(String kid, byte[] sealed) {
        if (sealed.length <= IV_BYTES + TAG_BITS / Byte.SIZE) {
            return Optional.empty();
        }
        ByteBuffer parts = ByteBuffer.wrap(sealed);
        byte[] iv = new byte[IV_BYTES];
        parts.get(iv);
        try {
            byte[] text = cipher(Cipher.DECRYPT_MODE, kid, iv).doFinal(sealed, IV_BYTES, sealed.length - IV_BYTES);
            return Optional.of(PublicJsonWebKey.Factory.newPublicJwk(
                    JsonUtil.parseJson(new String(text, StandardCharsets.UTF_8))));
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException | JoseException e) {
            throw new IllegalStateException("A signing key cannot be read", e);
        }
    }

    private Cipher cipher(int mode, String kid, byte[] iv) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, iv));
        cipher.updateAAD(kid.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
