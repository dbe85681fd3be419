package dev.roster.token;

import dev.roster.key.SecretKey;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * Creates, writes and reads refresh tokens. The written form is opaque to clients: the session id, the secret, and a
 * MAC. The MAC distinguishes a token that was spent long ago, whose hash was purged, from a forged one. The former ends
 * its session; the latter is refused without a query. Thread-safe.
 */
public final class RefreshTokens {
    private static final String PURPOSE = "refresh-token";
    private static final int ID_BYTES = 16;
    private static final int SIGNED_BYTES = ID_BYTES + RefreshToken.SECRET_BYTES;
    private static final int MAC_BYTES = 18; // the total is a multiple of 3, so base64 has no unused bits
    private static final int LENGTH = (SIGNED_BYTES + MAC_BYTES) / 3 * 4;

    private final SecretKey key;
    private final SecureRandom random;

    public RefreshTokens(SecretKey key, SecureRandom random) {
        this.key = key;
        this.random = random;
    }

    /** Creates the first token of a session. */
    public RefreshToken first(UUID sessionId) {
        return new RefreshToken(sessionId, randomBytes());
    }

    /** Creates a salt for {@link RefreshToken#successor}: 256 random bits. */
    public String newSalt() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(randomBytes());
    }

    /** Returns the form that clients receive. */
    public String write(RefreshToken token) {
        byte[] signed = ByteBuffer.allocate(SIGNED_BYTES)
                .putLong(token.sessionId().getMostSignificantBits())
                .putLong(token.sessionId().getLeastSignificantBits())
                .put(token.secret())
                .array();
        byte[] written = Arrays.copyOf(signed, SIGNED_BYTES + MAC_BYTES);
        System.arraycopy(mac(signed), 0, written, SIGNED_BYTES, MAC_BYTES);
        return Base64.getUrlEncoder().encodeToString(written);
    }

    /** Returns the token if this service wrote it, even if it is spent. */
    public Optional<RefreshToken> read(String written) {
        if (written.length() != LENGTH) {
            return Optional.empty();
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(written);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (bytes.length != SIGNED_BYTES + MAC_BYTES) { // padded
            return Optional.empty();
        }
        byte[] signed = Arrays.copyOf(bytes, SIGNED_BYTES);
        if (!MessageDigest.isEqual(mac(signed), Arrays.copyOfRange(bytes, SIGNED_BYTES, bytes.length))) {
            return Optional.empty();
        }
        ByteBuffer id = ByteBuffer.wrap(signed);
        return Optional.of(new RefreshToken(
                new UUID(id.getLong(), id.getLong()), Arrays.copyOfRange(signed, ID_BYTES, SIGNED_BYTES)));
    }

    private byte[] mac(byte[] signed) {
        return Arrays.copyOf(key.authenticate(PURPOSE, signed), MAC_BYTES);
    }

    private byte[] randomBytes() {
        byte[] bytes = new byte[RefreshToken.SECRET_BYTES];
        random.nextBytes(bytes);
        return bytes;
    }
}
