package dev.roster.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jose4j.base64url.Base64Url;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tokens are accepted while the stream is fresh. */
class VerifierTest {
    private Scene scene;

    @BeforeEach
    void start() throws Exception {
        scene = Scene.fresh();
    }

    @AfterEach
    void stop() {
        scene.close();
    }

    @Test
    void goodTokenIsReadInFull() {
        Instant now = scene.now();

        VerifiedToken token = scene.verifier.verify("bearer  " + scene.token() + " ");

        Instant second = Instant.ofEpochSecond(now.getEpochSecond());
        assertThat(token)
                .isEqualTo(new VerifiedToken(
                        token.id(),
                        TestKey.SUBJECT,
                        TestKey.SESSION,
                        second,
                        second.plusSeconds(900),
                        second.minusSeconds(60),
                        "editor"));
        assertThat(token.id()).hasSize(36);
        assertThat(scene.verifier.verify(scene.token()).subject()).isEqualTo(TestKey.SUBJECT);
    }

    @Test
    void tokenNeedsNeitherSessionNorRoleNorLogin() {
        VerifiedToken token = scene.verifier.verify(scene.key.tokenWithClaims(scene.now(), claims -> {
            claims.unsetClaim("sid");
            claims.unsetClaim("role");
            claims.unsetClaim("auth_time");
        }));

        assertThat(token.sessionId()).isNull();
        assertThat(token.role()).isNull();
        assertThat(token.authenticatedAt()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ES256", "RS256", "EdDSA"})
    void everyAsymmetricAlgorithmOfRosterIsAccepted(String algorithm) throws Exception {
        TestKey key = TestKey.of(algorithm);
        try (FakeRoster roster = new FakeRoster(scene.key, key);
                Verifier verifier = Verifier.start(
                        Scene.settings(roster).withPolicy(StalePolicy.ACCEPT_UNTIL_EXPIRY), scene.clocks.clocks())) {
            String token = key.token(scene.now());

            assertThat(verifier.verify(token).subject()).isEqualTo(TestKey.SUBJECT);

            assertThatThrownBy(() -> verifier.verify(withOtherSignature(token)))
                    .isInstanceOf(InvalidTokenException.class)
                    .hasMessage("The token's signature is wrong");
        }
    }

    @Test
    void requestWithoutATokenGetsAChallengeWithoutAnError() {
        for (String header : new String[] {null, "", " ", "Basic dXNlcjpwYXNz"}) {
            assertThat(catchThrowableOfType(InvalidTokenException.class, () -> scene.verifier.verify(header))
                            .challenge())
                    .isEqualTo("Bearer");
        }
        assertThat(catchThrowableOfType(InvalidTokenException.class, () -> scene.verifier.verify("Bearer x"))
                        .challenge())
                .isEqualTo("Bearer error=\"invalid_token\"");
    }

    @Test
    void publicKeyIsNoSecretOfHs256() {
        byte[] der = scene.key.pair().getPublicKey().getEncoded();
        byte[] pem = ("-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                        + "\n-----END PUBLIC KEY-----\n")
                .getBytes(StandardCharsets.UTF_8);
        byte[] json = scene.key.pair().toJson().getBytes(StandardCharsets.UTF_8);

        for (byte[] secret : List.of(der, pem, json)) {
            assertRefused("The token's algorithm is not that of its key", jws -> {
                jws.setAlgorithmHeaderValue("HS256");
                jws.setKey(new HmacKey(secret));
            });
        }
    }

    @Test
    void algorithmMustBeThatOfTheKey() {
        TestKey other = TestKey.of("RS256");
        assertRefused("The token's algorithm is not that of its key", jws -> {
            jws.setAlgorithmHeaderValue("RS256");
            jws.setKey(other.pair().getPrivateKey());
        });
        String payload = scene.token().split("\\.", -1)[1];
        for (String algorithm : List.of("none", "None", "ES256K", "ES384", "PS256", "HS512")) {
            String header = "{\"alg\":\"" + algorithm + "\",\"typ\":\"at+jwt\",\"kid\":\""
                    + scene.key.pair().getKeyId() + "\"}";

            assertRefused("The token's algorithm is not that of its key", encoded(header) + "." + payload + ".");
            assertRefused("The token's algorithm is not that of its key", encoded(header) + "." + payload + ".AAAA");
        }
    }

    @Test
    void anotherKeyUnderTheSameIdIsRefused() {
        TestKey forger = TestKey.of("ES256");

        assertRefused(
                "The token's signature is wrong",
                jws -> jws.setKey(forger.pair().getPrivateKey()));
        assertRefused("The token's signature is wrong", withOtherSignature(scene.token()));
    }

    @Test
    void tokenMustNameAKeyOfRoster() {
        TestKey forger = TestKey.of("ES256");

        assertRefused("The token's key is unknown", forger.token(scene.now()));
        assertRefused("The token does not name its key", jws -> jws.setHeader("kid", null));
        assertRefused("The token's key is unknown", jws -> jws.setHeader("kid", ""));
        assertRefused("The token does not name its key", jws -> jws.getHeaders().setObjectHeaderValue("kid", 7L));
    }

    @Test
    void headerMustNotBringAKeyOrAnAddressAndNoAddressIsCalled() throws Exception {
        TestKey forger = TestKey.of("ES256");
        try (FakeRoster thief = new FakeRoster(forger)) {
            String address = thief.url() + "/.well-known/jwks.json";
            Map<String, Object> members = Map.of(
                    "jwk",
                    forger.pair().toParams(JsonWebKey.OutputControlLevel.PUBLIC_ONLY),
                    "jku",
                    address,
                    "x5u",
                    address,
                    "x5c",
                    List.of("AAAA"),
                    "x5t",
                    "AAAA",
                    "x5t#S256",
                    "AAAA",
                    "crit",
                    List.of("exp"),
                    "b64",
                    true,
                    "zip",
                    "DEF",
                    "cty",
                    "JWT");
            members.forEach((name, value) -> {
                String message = "The token's header has a member that is not allowed";
                assertRefused(message, jws -> {
                    jws.setKey(forger.pair().getPrivateKey());
                    jws.getHeaders().setObjectHeaderValue(name, value);
                });
                assertRefused(message, jws -> jws.getHeaders().setObjectHeaderValue(name, value));
            });

            assertThat(thief.fetches()).isZero();
        }
    }

    @Test
    void onlyAccessTokensAreAccepted() {
        for (String type : List.of("JWT", "jwt", "AT+JWT", "application/at+jwt", "id+jwt", "")) {
            assertRefused("The token is not an access token", jws -> jws.setHeader("typ", type));
        }
        assertRefused("The token is not an access token", jws -> jws.setHeader("typ", null));
    }

    @Test
    void issuerAndAudienceMustBeTheExpectedOnes() {
        assertClaimsRefused("The token has another issuer", claims -> claims.setIssuer("https://evil.example.com"));
        assertClaimsRefused("The token has another issuer", claims -> claims.setIssuer(TestKey.ISSUER + "/"));
        assertClaimsRefused("The token is for another audience", claims -> claims.setAudience("payments"));
        assertClaimsRefused("The token is for another audience", claims -> claims.setAudience("payments", "Orders"));

        assertThat(scene.accepts(scene.key.tokenWithClaims(
                        scene.now(), claims -> claims.setAudience("payments", TestKey.AUDIENCE))))
                .isTrue();
    }

    @Test
    void everyClaimThatIsNeededIsRequired() {
        for (String claim : List.of("iss", "aud", "sub", "jti", "iat", "exp")) {
            assertClaimsRefused("The token is malformed, or a claim is missing", claims -> claims.unsetClaim(claim));
        }
    }

    @Test
    void claimsMustHaveTheirTypes() {
        for (String claim : List.of("iss", "aud", "sub", "jti", "iat", "exp", "sid", "auth_time", "role")) {
            String token = scene.key.tokenWithClaims(scene.now(), claims -> claims.setClaim(claim, Map.of("a", 1L)));

            assertThatThrownBy(() -> scene.verifier.verify(token))
                    .as(claim)
                    .isInstanceOf(InvalidTokenException.class)
                    .hasMessageContaining("malformed");
        }
    }

    @Test
    void expiredTokenIsAcceptedForFiveSeconds() {
        assertThat(scene.accepts(endingIn(-4))).isTrue();
        assertRefused("The token has expired", endingIn(-5));
    }

    @Test
    void tokenMayBeIssuedAMinuteAheadButNotMore() {
        assertThat(scene.accepts(issuedIn(60))).isTrue();
        assertRefused("The token was issued in the future", issuedIn(61));
    }

    @Test
    void tokenThatHasNotBegunIsRefused() {
        assertClaimsRefused(
                "The token is malformed, or a claim is missing",
                claims ->
                        claims.setNotBefore(NumericDate.fromSeconds(scene.now().getEpochSecond() + 90)));
    }

    @Test
    void malformedTokensAreRefused() {
        String token = scene.token();
        String[] parts = token.split("\\.", -1);
        for (String malformed : List.of(
                "x",
                "..",
                "a.b",
                token + ".",
                token + ".a.b",
                parts[0] + "." + parts[1] + ".",
                "!." + parts[1] + "." + parts[2],
                encoded("[]") + "." + parts[1] + "." + parts[2],
                encoded("{\"alg\":\"ES256\",\"alg\":\"ES256\"}") + "." + parts[1] + "." + parts[2],
                token.replaceFirst("\\.", " "))) {
            assertThatThrownBy(() -> scene.verifier.verify("Bearer " + malformed))
                    .as(malformed)
                    .isInstanceOf(InvalidTokenException.class);
        }
        assertRefused("The token is too long", "a".repeat(5000));
        assertThat(scene.accepts(token)).isTrue();
    }

    @Test
    void messagesDoNotRepeatTheToken() {
        String token = scene.key.tokenWithClaims(scene.now(), claims -> claims.setIssuer("https://evil.example.com"));

        assertThatThrownBy(() -> scene.verifier.verify(token))
                .hasNoCause()
                .hasMessageNotContaining("evil")
                .hasMessageNotContaining(TestKey.SUBJECT);
    }

    @Test
    void settingsAreChecked() {
        assertThatThrownBy(() -> Settings.of("roster.example.com", "a", "b", "c"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("https://");
        assertThatThrownBy(() -> Settings.of("https://roster.example.com", "a", "", "c"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Settings.of("https://roster.example.com", "a", "b", "rk_secret\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("rk_secret");
        HttpClient following = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        Settings settings = Settings.of("https://roster.example.com", "a", "b", "rk_secret");
        assertThatThrownBy(() -> settings.withHttp(following)).isInstanceOf(IllegalArgumentException.class);
        assertThat(settings.toString()).doesNotContain("rk_secret");
    }

    private String endingIn(int seconds) {
        return scene.key.tokenWithClaims(
                scene.now().minusSeconds(900),
                claims -> claims.setExpirationTime(
                        NumericDate.fromSeconds(scene.now().getEpochSecond() + seconds)));
    }

    private String issuedIn(int seconds) {
        return scene.key.token(
                Instant.ofEpochSecond(scene.now().getEpochSecond()).plus(Duration.ofSeconds(seconds)));
    }

    private void assertRefused(String message, Consumer<JsonWebSignature> header) {
        assertRefused(message, scene.key.tokenWithHeader(scene.now(), header));
    }

    private void assertClaimsRefused(String message, Consumer<JwtClaims> change) {
        assertRefused(message, scene.key.tokenWithClaims(scene.now(), change));
    }

    private void assertRefused(String message, String token) {
        assertThatThrownBy(() -> scene.verifier.verify("Bearer " + token))
                .isInstanceOf(InvalidTokenException.class)
                .hasMessage(message);
    }

    private static String encoded(String json) {
        return Base64Url.encodeUtf8ByteRepresentation(json);
    }

    /** Changes the first character of the signature. */
    private static String withOtherSignature(String token) {
        int start = token.lastIndexOf('.') + 1;
        return token.substring(0, start) + (token.charAt(start) == 'A' ? 'B' : 'A') + token.substring(start + 1);
    }
}
