package dev.roster.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.key.SecretKey;
import dev.roster.support.TestTokens;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RefreshTokensTest {
    private static final String BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private final SecureRandom random = new SecureRandom();
    private final RefreshTokens tokens = new RefreshTokens(new SecretKey(TestTokens.SECRET_KEY), random);
    private final RefreshToken token = tokens.first(UUID.randomUUID());

    @Test
    void writtenTokenIsReadBack() {
        RefreshToken read = tokens.read(tokens.write(token)).orElseThrow();

        assertThat(read.sessionId()).isEqualTo(token.sessionId());
        assertThat(read.hash()).isEqualTo(token.hash());
        assertThat(tokens.write(read)).isEqualTo(tokens.write(token));
    }

    @Test
    void tokenWithAnyCharacterChangedIsNotRead() {
        String written = tokens.write(token);
        for (int i = 0; i < written.length(); i++) {
            for (char c : (BASE64URL + "=+/ \n").toCharArray()) {
                if (c != written.charAt(i)) {
                    assertThat(tokens.read(written.substring(0, i) + c + written.substring(i + 1)))
                            .isEmpty();
                }
            }
        }
    }

    @Test
    void tokenOfAnotherKeyIsNotRead() {
        RefreshTokens others = new RefreshTokens(new SecretKey("other-" + TestTokens.SECRET_KEY), random);

        assertThat(tokens.read(others.write(token))).isEmpty();
    }

    @Test
    void tokenAndSaltDetermineTheSuccessor() {
        String salt = tokens.newSalt();

        RefreshToken successor = token.successor(salt);

        assertThat(token.successor(salt).hash()).isEqualTo(successor.hash());
        assertThat(successor.sessionId()).isEqualTo(token.sessionId());
        assertThat(tokens.read(tokens.write(successor)).map(RefreshToken::hash))
                .isEqualTo(Optional.of(successor.hash()));
        assertThat(token.successor(tokens.newSalt()).hash()).isNotEqualTo(successor.hash());
        assertThat(tokens.first(token.sessionId()).successor(salt).hash()).isNotEqualTo(successor.hash());
    }

    @Test
    void toStringHidesTheSecretOfARefreshToken() {
        assertThat(token).hasToString("RefreshToken[sessionId=" + token.sessionId() + "]");
    }
}
