package dev.roster.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.key.SecretKey;
import dev.roster.support.Chance;
import dev.roster.support.TestTokens;
import dev.roster.token.signing.SigningKeys;
import io.dropwizard.util.Duration;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * L7, T2: a token that the service did not write is refused. Input that the test signs reaches the checks behind the
 * signature. Also a target of the Maven profile {@code fuzz}.
 */
public class TokenFuzzTest {
    private static final SecretKey KEY = new SecretKey(TestTokens.SECRET_KEY);
    private static final AccessTokens TOKENS = new AccessTokens(
            new TokenConfiguration(
                    KEY,
                    "roster",
                    "roster",
                    Duration.minutes(15),
                    "HS256",
                    Duration.days(90),
                    Duration.minutes(10),
                    Duration.seconds(1)),
            TestTokens.ROLES,
            SigningKeys.ofSecret(KEY, Clock.systemUTC()),
            Clock.systemUTC());
    private static final RefreshTokens REFRESH_TOKENS = new RefreshTokens(KEY, new SecureRandom());
    private static final UUID USER = UUID.randomUUID();
    private static final String GOOD = TestTokens.sign(TestTokens.header(), TestTokens.claims(USER));
    private static final String GOOD_REFRESH = REFRESH_TOKENS.write(REFRESH_TOKENS.first(USER));

    @Test
    void onlyTokensOfTheServiceAreRead() {
        Chance.tryAll(
                List.of(
                        GOOD,
                        GOOD_REFRESH,
                        TestTokens.json(TestTokens.header()) + "\n" + TestTokens.json(TestTokens.claims(USER))),
                TokenFuzzTest::fuzzerTestOneInput);
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        assertThat(AccessTokensTest.accepted(() -> TOKENS.read(text)).isPresent())
                .isEqualTo(text.equals(GOOD));
        assertThat(AccessTokensTest.accepted(() -> TOKENS.verify(text)).isPresent())
                .isEqualTo(text.equals(GOOD));
        assertThat(REFRESH_TOKENS.read(text).map(REFRESH_TOKENS::write).orElse(GOOD_REFRESH))
                .isEqualTo(GOOD_REFRESH);
        String[] parts = text.split("\n", 2);
        String signed = TestTokens.sign(parts[0], parts[parts.length - 1], TestTokens.SECRET_KEY, "HmacSHA256");
        AccessTokensTest.accepted(() -> TOKENS.verify(signed)).ifPresent(token -> assertThat(token.expiresAt())
                .isBeforeOrEqualTo(token.issuedAt().plusSeconds(900)));
    }
}
