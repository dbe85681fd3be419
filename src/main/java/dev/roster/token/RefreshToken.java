package dev.roster.token;

import dev.roster.key.Hmac;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.UUID;

/**
 * A refresh token (RFC 6749, section 1.5): a session id and a 256-bit secret.
 *
 * <p>A token is spent by its first use and has one successor. A client that lost the response, or sent the token twice
 * at once, must receive the same successor, but the database must not store it. So the successor's secret is derived:
 * an HMAC-SHA-256 with the spent token's secret as the key and 256 random bits, the salt, as the message. The database
 * stores the salt (a purge deletes it after the grace period) and the hashes of the tokens. The client sends the spent
 * token. The service needs both to compute the successor; the signing key replaces neither. Because the salt is random,
 * nobody can predict the successor of a token.
 */
public final class RefreshToken {
    static final int SECRET_BYTES = 32;

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final UUID sessionId;
    private final byte[] secret;

    RefreshToken(UUID sessionId, byte[] secret) {
        this.sessionId = sessionId;
        this.secret = secret;
    }

    public UUID sessionId() {
        return sessionId;
    }

    byte[] secret() {
        return secret.clone();
    }

    /** The SHA-256 that the database stores. A random secret needs no slow hash. */
    public String hash() {
        try {
            return BASE64.encodeToString(MessageDigest.getInstance("SHA-256").digest(secret));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** Returns the successor of this token. The same salt gives the same successor. */
    public RefreshToken successor(String salt) {
        return new RefreshToken(sessionId, Hmac.of(secret, salt.getBytes(StandardCharsets.US_ASCII)));
    }

    @Override
    public String toString() {
        return "RefreshToken[sessionId=" + sessionId + "]";
    }
}
