package dev.roster.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the tokens say whose signature was checked lately. Only those that are signed here are remembered, each under its
 * SHA-256: what is not the same to the last character is another one, and no token stands in memory. Thread-safe.
 */
final class CheckedTokens {
    /** Of some 350 bytes each. */
    private static final int MAX_TOKENS = 10_000;

    private final Cache<Digest, AccessToken> tokens;

    /** @param lifetime after which none of them can be used any more */
    CheckedTokens(Duration lifetime) {
        this.tokens = Caffeine.newBuilder()
                .maximumSize(MAX_TOKENS)
                .expireAfterWrite(lifetime)
                .build();
    }

    /**
     * The token, as it was read before or as it is read now.
     *
     * @param reader must find the same whenever it is asked, but for what it does not find
     */
    Optional<AccessToken> read(String compact, Function<String, Optional<AccessToken>> reader) {
        Digest digest = Digest.of(compact);
        AccessToken known = tokens.getIfPresent(digest);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<AccessToken> token = reader.apply(compact);
        token.ifPresent(read -> tokens.put(digest, read));
        return token;
    }

    /** A SHA-256. */
    private record Digest(long first, long second, long third, long fourth) {
        static Digest of(String compact) {
            try {
                ByteBuffer bytes = ByteBuffer.wrap(
                        MessageDigest.getInstance("SHA-256").digest(compact.getBytes(StandardCharsets.UTF_8)));
                return new Digest(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("Every JDK has it", e);
            }
        }
    }
}
