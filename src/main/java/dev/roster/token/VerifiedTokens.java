package dev.roster.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Caches the content of tokens whose signature was verified. The key is the token's SHA-256, so no token stays in
 * memory and a token that differs in one character is another entry. Invalid tokens are not cached. Thread-safe.
 */
final class VerifiedTokens {
    /** An entry takes about 350 bytes. */
    private static final int MAX_TOKENS = 10_000;

    private final Cache<Digest, AccessToken> tokens;

    /** @param lifetime the time after which no token can be valid */
    VerifiedTokens(Duration lifetime) {
        this.tokens = Caffeine.newBuilder()
                .maximumSize(MAX_TOKENS)
                .expireAfterWrite(lifetime)
                .build();
    }

    /**
     * Returns the cached content of a token, or reads it.
     *
     * @param check throws for a cached token that is invalid by now
     * @param reader throws for an invalid token; a token that it returns must not depend on when it is called
     */
    AccessToken read(String compact, Consumer<AccessToken> check, Function<String, AccessToken> reader) {
        Digest digest = Digest.of(compact);
        AccessToken known = tokens.getIfPresent(digest);
        if (known != null) {
            check.accept(known);
            return known;
        }
        AccessToken token = reader.apply(compact);
        tokens.put(digest, token);
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
                throw new IllegalStateException("Every Java platform has SHA-256", e);
            }
        }
    }
}
