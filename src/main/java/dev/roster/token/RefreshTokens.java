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
 * Draws, writes and reads refresh tokens. What clients see is opaque: the session's id, the secret, and a code that only
 * this service can make. The code tells a token that was spent long ago, whose hash nobody has kept, from one that never
 * was: the first ends its session, the second is nobody's, and costs no look into the database. Thread-safe.
 */
public final class RefreshTokens {
    private static final String PURPOSE = "refresh-token";
    private static final int ID_BYTES = 16;
    private static final int SIGNED_BYTES = ID_BYTES + RefreshToken.SECRET_BYTES;
    private static final int CODE_BYTES = 18; // and so many in all that base64 has no bits to spare
    private static final int LENGTH = (SIGNED_BYTES + CODE_BYTES) / 3 * 4;

    private final SecretKey key;
    private final SecureRandom random;

    public RefreshTokens(SecretKey key, SecureRandom random) {
        this.key = key;
        this.random = random;
    }

    /** The first token of a session. */
    public RefreshToken first(UUID sessionId) {
        return new RefreshToken(sessionId, randomBytes());
    }

    /** What {@link RefreshToken#successor} makes a successor of: 256 random bits. */
    public String newSalt() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(randomBytes());
    }

    /** The form in which a client has the token. */
    public String write(RefreshToken token) {
        byte[] signed = ByteBuffer.allocate(SIGNED_BYTES)
                .putLong(token.sessionId().getMostSignificantBits())
                .putLong(token.sessionId().getLeastSignificantBits())
                .put(token.secret())
                .array();
        byte[] written = Arrays.copyOf(signed, SIGNED_BYTES + CODE_BYTES);
        System.arraycopy(code(signed), 0, written, SIGNED_BYTES, CODE_BYTES);
        return Base64.getUrlEncoder().encodeToString(written);
    }

    /** The token, where this service wrote it, whether or not it is spent. */
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
        if (bytes.length != SIGNED_BYTES + CODE_BYTES) { // it was padded
            return Optional.empty();
        }
        byte[] signed = Arrays.copyOf(bytes, SIGNED_BYTES);
        if (!MessageDigest.isEqual(code(signed), Arrays.copyOfRange(bytes, SIGNED_BYTES, bytes.length))) {
            return Optional.empty();
        }
        ByteBuffer id = ByteBuffer.wrap(signed);
        return Optional.of(new RefreshToken(
                new UUID(id.getLong(), id.getLong()), Arrays.copyOfRange(signed, ID_BYTES, SIGNED_BYTES)));
    }

    private byte[] code(byte[] signed) {
        return Arrays.copyOf(key.authenticate(PURPOSE, signed), CODE_BYTES);
    }

    private byte[] randomBytes() {
        byte[] bytes = new byte[RefreshToken.SECRET_BYTES];
        random.nextBytes(bytes);
        return bytes;
    }
}
