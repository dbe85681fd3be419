package dev.roster.token;

import dev.roster.key.Hmac;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.UUID;

/**
 * A refresh token (RFC 6749, section 1.5): which session it refreshes, and a secret of 256 bits.
 *
 * <p>A token is spent by its first use and has one successor. A client that lost the answer, or sent the token from two
 * places at once, has to get that same successor again, and yet the database must not hold it. So a successor is not
 * drawn but made: its secret is HMAC-SHA-256 of 256 fresh random bits, the salt, under the spent token's secret. The
 * database has the salt, until a purge after the grace, and the hashes; the client brings the spent token; together they
 * give the successor. Neither alone is of any use, nor is the signing key with either. As the salt is random, so is the
 * successor: who knows a spent token cannot foretell it.
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

    /** What the database knows the token by: SHA-256, which is enough for a secret that nobody can guess. */
    public String hash() {
        try {
            return BASE64.encodeToString(MessageDigest.getInstance("SHA-256").digest(secret));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** The token that comes after this one: of one salt always the same. */
    public RefreshToken successor(String salt) {
        return new RefreshToken(sessionId, Hmac.of(secret, salt.getBytes(StandardCharsets.US_ASCII)));
    }

    @Override
    public String toString() {
        return "RefreshToken[sessionId=" + sessionId + "]";
    }
}
