package dev.roster.mail.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.id.Ids;
import dev.roster.key.SecretKey;
import dev.roster.support.TestTokens;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailTokensTest {
    private static final String ADDRESS = "ada@example.com";
    private static final String BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private final Ids ids = new Ids(Clock.systemUTC(), new SecureRandom());
    private final MailTokens tokens = new MailTokens(new SecretKey(TestTokens.SECRET_KEY), ids);
    private final UUID id = ids.next();
    private final String text = tokens.text(id, Purpose.RESET, ADDRESS);

    /** The formula of the contract, with the JDK alone. */
    @Test
    void tokenIsTheIdAndAMacInBase64url() throws GeneralSecurityException {
        byte[] idBytes = ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
        byte[] words = utf8("reset" + ADDRESS);
        byte[] key = hmac(utf8(TestTokens.SECRET_KEY), utf8("mail-token-reset"));
        byte[] mac = hmac(
                key,
                ByteBuffer.allocate(16 + words.length).put(idBytes).put(words).array());

        assertThat(text)
                .isEqualTo(TestTokens.base64(
                        ByteBuffer.allocate(48).put(idBytes).put(mac).array()));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] hmac(byte[] key, byte[] message) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(message);
    }

    @Test
    void ownerOfATokenIsFound() {
        assertThat(find(tokens, Purpose.RESET, text, ADDRESS))
                .contains(new TokenOwner(id, new UUID(0, 1), "Ada", ADDRESS));
    }

    @Test
    void tokenWithAnyCharacterChangedHasNoOwner() {
        for (int i = 0; i < text.length(); i++) {
            for (char c : (BASE64URL + "=+/ \n").toCharArray()) {
                if (c != text.charAt(i)) {
                    assertThat(find(tokens, Purpose.RESET, text.substring(0, i) + c + text.substring(i + 1), ADDRESS))
                            .as("character %s is %s", i, c)
                            .isEmpty();
                }
            }
        }
    }

    @Test
    void tokenOfAnotherPurposeAddressOrKeyHasNoOwner() {
        MailTokens others = new MailTokens(new SecretKey("other-" + TestTokens.SECRET_KEY), ids);

        assertThat(find(tokens, Purpose.RESET, tokens.text(id, Purpose.VERIFY, ADDRESS), ADDRESS))
                .isEmpty();
        assertThat(find(tokens, Purpose.RESET, text, "grace@example.com")).isEmpty();
        assertThat(find(others, Purpose.RESET, text, ADDRESS)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "=", "x", "é", "ZZZZ"})
    void textOfAnotherFormHasNoOwner(String part) {
        assertThat(find(tokens, Purpose.RESET, part, ADDRESS)).isEmpty();
        assertThat(find(tokens, Purpose.RESET, text + (part.isEmpty() ? "\0" : part), ADDRESS))
                .isEmpty();
        assertThat(find(tokens, Purpose.RESET, (part.isEmpty() ? "\0" : part) + text, ADDRESS))
                .isEmpty();
    }

    /** Looks a token up in a table that has every id, each with this address. */
    private static Optional<TokenOwner> find(MailTokens tokens, Purpose purpose, String text, String address) {
        return tokens.find(
                tokenId -> Optional.of(new TokenOwner(tokenId, new UUID(0, 1), "Ada", address)), purpose, text);
    }
}
