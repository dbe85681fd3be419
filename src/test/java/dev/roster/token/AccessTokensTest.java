package dev.roster.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.roster.key.SecretKey;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.support.TestClock;
import dev.roster.support.TestTokens;
import dev.roster.token.signing.SigningKeys;
import io.dropwizard.util.Duration;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTokensTest {
    private static final UUID USER = UUID.randomUUID();
    private static final String BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private final TestClock clock = new TestClock();
    private final SecretKey secret = new SecretKey(TestTokens.SECRET_KEY);
    private final AccessTokens tokens = new AccessTokens(
            new TokenConfiguration(
                    secret,
                    "roster",
                    "roster",
                    Duration.minutes(15),
                    "HS256",
                    Duration.days(90),
                    Duration.minutes(10),
                    Duration.seconds(1)),
            TestTokens.ROLES,
            SigningKeys.ofSecret(secret, clock),
            clock);

    static Stream<Arguments> forgeries() {
        return ForgedTokens.of(USER);
    }

    /** T1, T3, T4, T5, T7 */
    @ParameterizedTest(name = "{0}")
    @MethodSource("forgeries")
    void forgedTokensAreRefused(String name, String token) {
        assertThat(verify(token)).isEmpty();
    }

    @Test
    void issuedTokenIsVerified() {
        UUID session = UUID.randomUUID();

        AccessToken token = verify(issue(session)).orElseThrow();

        assertThat(token.userId()).isEqualTo(USER);
        assertThat(token.sessionId()).isEqualTo(session);
        assertThat(token.id().version()).isEqualTo(4); // 122 random bits
        assertThat(token.expiresAt()).isEqualTo(token.issuedAt().plusSeconds(900));
        assertThat(token.authTime()).isEqualTo(token.issuedAt());
        assertThat(token.role()).as("users may give themselves every role").isNull();
    }

    @Test
    void tokenDoesNotOutliveItsSession() {
        Instant now = tokens.now();

        IssuedToken issued = tokens.issue(session(UUID.randomUUID(), now, Duration.seconds(60)), now);

        AccessToken token = verify(issued.compact()).orElseThrow();
        assertThat(issued.expiresIn()).isEqualTo(60);
        assertThat(token.expiresAt()).isEqualTo(token.issuedAt().plusSeconds(60));
    }

    @Test
    void tokenSignedElsewhereWithTheKeyIsVerified() {
        Map<String, Object> claims = TestTokens.claims(USER);

        AccessToken token = verify(TestTokens.sign(TestTokens.header(), claims)).orElseThrow();

        assertThat(token.id()).hasToString((String) claims.get("jti"));
        assertThat(token.userId()).isEqualTo(USER);
        assertThat(token.sessionId()).isNull();
        assertThat(token.authTime()).as("as in tokens of earlier versions").isNull();
        assertThat(token.role()).isNull();
    }

    @Test
    void optionalClaimsAreRead() {
        Map<String, Object> claims = TestTokens.claims(USER);
        claims.put("auth_time", 1_767_225_600);
        claims.put("role", "auditor");

        AccessToken token = verify(TestTokens.sign(TestTokens.header(), claims)).orElseThrow();

        assertThat(token.authTime()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(token.role()).isEqualTo("auditor");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"typ\":\"at+jwt\",\"alg\":\"HS256\"}",
                "{ \"alg\" : \"HS256\",\n  \"typ\" : \"at+jwt\" }",
                "{\"kid\":\"2026-11\",\"alg\":\"HS256\",\"typ\":\"at+jwt\"}"
            })
    void headerIsReadInAnyOrderAndSpacing(String header) {
        String token = TestTokens.sign(
                header, TestTokens.json(new TreeMap<>(TestTokens.claims(USER))), TestTokens.SECRET_KEY, "HmacSHA256");

        assertThat(verify(token)).isPresent();
    }

    @Test
    void tokenForSeveralAudiencesIsVerified() {
        Map<String, Object> claims = TestTokens.claims(USER);
        claims.put("aud", List.of("other", "roster"));

        assertThat(verify(TestTokens.sign(TestTokens.header(), claims))).isPresent();
    }

    /** T2: even if the original token is cached. */
    @Test
    void tokenWithAnyCharacterChangedIsRefused() {
        List<String> accepted = new ArrayList<>();
        for (int count = 0; count < 10; count++) {
            String token = issue(UUID.randomUUID());
            assertThat(verify(token)).isPresent();
            for (int i = 0; i < token.length(); i++) {
                for (int j = 0; j < BASE64URL.length(); j++) {
                    char other = BASE64URL.charAt(j);
                    String changed = token.substring(0, i) + other + token.substring(i + 1);
                    if (other != token.charAt(i) && isAccepted(changed)) {
                        accepted.add(changed);
                    }
                }
            }
        }
        assertThat(accepted).isEmpty();
    }

    /** T2 */
    @ParameterizedTest
    @ValueSource(
            strings = {"=", "==", "+", "/", "*", "!", "!!", "%", " ", "\n", "\r\n", "\t", "\0", ".", "A", "é", "😀"})
    void tokenWithAnythingAddedIsRefused(String stray) {
        String token = issue(UUID.randomUUID());
        assertThat(verify(token)).isPresent();
        List<String> accepted = new ArrayList<>();
        for (int i = 0; i <= token.length(); i++) {
            String changed = token.substring(0, i) + stray + token.substring(i);
            if (isAccepted(changed)) {
                accepted.add(changed);
            }
        }
        assertThat(accepted).isEmpty();
    }

    /** T2 */
    @Test
    void tokenWithAnythingRemovedIsRefused() {
        String token = issue(UUID.randomUUID());
        for (int i = 0; i < token.length(); i++) {
            assertThat(read(token.substring(0, i) + token.substring(i + 1))).isEmpty();
            assertThat(read(token.substring(0, i))).isEmpty();
            assertThat(read(token.substring(i + 1))).isEmpty();
        }
    }

    /** T5 */
    @Test
    void tokenIsVerifiedUntilFiveSecondsAfterItsExpiry() {
        String token = issue(UUID.randomUUID());

        clock.advance(java.time.Duration.ofSeconds(900 + 5 - 2));
        assertThat(verify(token)).isPresent();
        clock.advance(java.time.Duration.ofSeconds(2));
        assertThat(verify(token)).isEmpty();
    }

    /** T5: even if the token is cached. */
    @Test
    void timesAreCheckedAtEachVerification() {
        String token = issue(UUID.randomUUID());
        assertThat(verify(token)).isPresent();
        assertThat(verify(token)).isEqualTo(read(token));

        clock.advance(java.time.Duration.ofSeconds(900 + 5));
        assertThat(verify(token)).isEmpty();
        clock.reset();
        assertThat(verify(token)).isPresent();
        clock.advance(java.time.Duration.ofSeconds(-62));
        assertThat(verify(token)).isEmpty();
    }

    /** T5: the earlier refusal is not cached. */
    @Test
    void tokenIsVerifiedFromAMinuteBeforeItsNotBeforeTime() {
        Map<String, Object> claims = TestTokens.claims(USER);
        claims.put("nbf", Instant.now().getEpochSecond() + 120);
        String token = TestTokens.sign(TestTokens.header(), claims);
        assertThat(verify(token)).isEmpty();

        clock.advance(java.time.Duration.ofSeconds(60));

        assertThat(verify(token)).isPresent();
    }

    /** T1: the claims of a cached token with another signature, key or header. */
    @Test
    void forgedCopyOfAVerifiedTokenIsRefused() {
        String header = TestTokens.json(TestTokens.header());
        String claims = TestTokens.json(TestTokens.claims(USER));
        String token = TestTokens.sign(header, claims, TestTokens.SECRET_KEY, "HmacSHA256");
        assertThat(verify(token)).isPresent();

        String unsigned = token.substring(0, token.lastIndexOf('.') + 1);
        assertThat(List.of(
                        unsigned,
                        unsigned + "A".repeat(43),
                        TestTokens.sign(header, claims, TestTokens.SECRET_KEY + "x", "HmacSHA256"),
                        TestTokens.sign(header.replace("HS256", "none"), claims, TestTokens.SECRET_KEY, "HmacSHA256")))
                .allSatisfy(forged -> assertThat(verify(forged)).isEmpty());
    }

    /** T5 */
    @Test
    void tokenIsVerifiedFromAMinuteBeforeItsIssueTime() {
        clock.advance(java.time.Duration.ofSeconds(60));
        String early = issue(UUID.randomUUID());
        clock.advance(java.time.Duration.ofSeconds(2));
        String tooEarly = issue(UUID.randomUUID());
        clock.reset();

        assertThat(verify(early)).isPresent();
        assertThat(verify(tooEarly)).isEmpty();
    }

    /** T5 */
    @Test
    void tokenWithALongerLifetimeThanConfiguredIsRefused() {
        Map<String, Object> claims = TestTokens.claims(USER);
        long end = Instant.now().getEpochSecond() + 600;
        claims.put("exp", end);
        claims.put("iat", end - 900);
        assertThat(verify(TestTokens.sign(TestTokens.header(), claims))).isPresent();

        claims.put("iat", end - 901);
        assertThat(verify(TestTokens.sign(TestTokens.header(), claims))).isEmpty();
    }

    @Test
    void expiredTokenIsReadButNotVerified() {
        String token = issue(UUID.randomUUID());

        clock.advance(java.time.Duration.ofDays(365));

        assertThat(verify(token)).isEmpty();
        assertThat(read(token)).isPresent();
    }

    /** T7: a token that is too long is not copied, decoded or parsed. */
    @ParameterizedTest
    @ValueSource(strings = {"x", "["})
    void hugeHeaderIsRefusedWithLittleMemory(String filling) {
        String header = "{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":" + filling.repeat(4_000_000);
        String token = TestTokens.sign(header, "{}", TestTokens.SECRET_KEY, "HmacSHA256");
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        assertThat(verify(token)).isEmpty();

        long before = thread.getCurrentThreadAllocatedBytes();
        boolean accepted = verify(token).isPresent();
        long allocated = thread.getCurrentThreadAllocatedBytes() - before;

        assertThat(accepted).isFalse();
        assertThat(allocated).isLessThan(16 * 1024);
    }

    private Optional<AccessToken> verify(String token) {
        return accepted(() -> tokens.verify(token));
    }

    private Optional<AccessToken> read(String token) {
        return accepted(() -> tokens.read(token));
    }

    /** Empty if the token is refused. */
    static Optional<AccessToken> accepted(Supplier<AccessToken> reading) {
        try {
            return Optional.of(reading.get());
        } catch (RefusedException e) {
            assertThat(e.refusal()).isEqualTo(Refusal.INVALID_TOKEN);
            assertThat(e.detail()).isEqualTo("The access token is not valid.");
            return Optional.empty();
        }
    }

    /** Without and with the cache. */
    private boolean isAccepted(String token) {
        return read(token).isPresent() || verify(token).isPresent();
    }

    private String issue(UUID session) {
        Instant now = tokens.now();
        return tokens.issue(session(session, now, Duration.days(1)), now).compact();
    }

    private static SessionClaims session(UUID session, Instant now, Duration left) {
        return new SessionClaims(USER, session, now, "admin", now.plus(left.toJavaDuration()));
    }
}
