package dev.roster.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokensIT {
    private static final String NO_TOKEN = "Bearer realm=\"roster\"";
    private static final String BAD_TOKEN = "Bearer realm=\"roster\", error=\"invalid_token\"";
    private static final Pattern SENDABLE = Pattern.compile("[\\x21-\\x7e]{1,6000}");

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    private final Api api = ROSTER.api();
    private final Api.TestUser user = api.newUser();

    /** T1, T3, T4, T5, T7 */
    @Test
    void forgedTokensAreRefused() {
        List<Object[]> forgeries = ForgedTokens.of(user.id())
                .map(arguments -> arguments.get())
                .filter(forgery -> SENDABLE.matcher((String) forgery[1]).matches())
                .toList();

        assertThat(forgeries).hasSizeGreaterThan(200).allSatisfy(forgery -> {
            String token = (String) forgery[1];
            expectInvalidToken(api.get(user.path(), token));
            if (!((String) forgery[0]).startsWith("T5")) {
                expectInvalidToken(api.logout(token));
            }
        });
        assertThat(api.get(user.path(), user.token()).status()).isEqualTo(200);
    }

    @Test
    void tokenSignedElsewhereWithTheKeyIsAccepted() {
        Map<String, Object> header = TestTokens.header();
        header.put("kid", "2026-11");

        String token = TestTokens.sign(header, TestTokens.claims(user.id()));

        api.get(user.path(), token).expect(200);
        api.logout(token).expect(204);
        expectInvalidToken(api.get(user.path(), token));
    }

    @Test
    void issuedTokensFollowTheProfile() {
        Reply login = api.login(user.email(), Api.PASSWORD).expect(200);
        String[] parts = login.body().path("access_token").asText().split("\\.", -1);

        assertThat(decode(parts[0])).isEqualTo("{\"alg\":\"HS256\",\"typ\":\"at+jwt\"}");
        JsonNode claims = new Reply(200, login.headers(), decode(parts[1])).body();
        assertThat(claims.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("iss", "aud", "sub", "jti", "iat", "exp", "sid", "auth_time");
        assertThat(claims.path("sub").asText()).isEqualTo(user.id().toString());
        assertThat(claims.path("exp").asLong() - claims.path("iat").asLong()).isEqualTo(900);
        assertThat(login.body().path("expires_in").asInt()).isEqualTo(900);
    }

    /** T3 */
    @ParameterizedTest
    @ValueSource(strings = {"jku", "x5u", "kid", "jwk", "x5c"})
    void keysNamedByATokenAreNotFetched(String header) throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String url = "http://127.0.0.1:" + listener.getLocalPort() + "/keys";
            Map<String, Object> headers = TestTokens.header();
            headers.put("alg", "RS256");
            headers.put(header, url);

            expectInvalidToken(api.get(user.path(), TestTokens.sign(headers, TestTokens.claims(user.id()))));

            listener.setSoTimeout(200);
            assertThatThrownBy(listener::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    /** T8 */
    @Test
    void tokenInTheQueryIsNotRead() {
        for (String name : List.of("access_token", "token", "authorization", "bearer")) {
            expectUnauthenticated(api.get(user.path() + "?" + name + "=" + user.token(), null));
        }
    }

    /** T8 */
    @Test
    void tokenInTheBodyIsNotRead() {
        expectUnauthenticated(
                api.put(user.path(), null, Map.of("access_token", user.token(), "name", "Somebody Else")));
        api.send(api.request("/auth/logout")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("access_token=" + user.token())))
                .expectProblem(415, "unsupported-media-type");
        assertThat(api.get(user.path(), user.token())
                        .expect(200)
                        .body()
                        .path("name")
                        .asText())
                .isEqualTo("A Person");
    }

    /** T8 */
    @ParameterizedTest
    @ValueSource(strings = {"Cookie", "X-Access-Token", "Proxy-Authorization", "X-Authorization", "Authentication"})
    void tokenInAnotherHeaderIsNotRead(String header) {
        for (String value : List.of(user.token(), "Bearer " + user.token(), "access_token=" + user.token())) {
            expectUnauthenticated(
                    api.send(api.request(user.path()).header(header, value).GET()));
        }
    }

    /** T8 */
    @ParameterizedTest
    @ValueSource(strings = {"Bearer", "Basic", "Token", "", "BearerBearer", "Digest"})
    void tokenInAnotherSchemeIsNotRead(String scheme) {
        String credentials = scheme.equals("Bearer") ? scheme : scheme + " " + user.token();

        expectUnauthenticated(api.send(
                api.request(user.path()).header("Authorization", credentials).GET()));
    }

    /** T8 */
    @ParameterizedTest
    @ValueSource(strings = {"bearer", "BEARER", "Bearer", "bEaReR", "Bearer "})
    void bearerSchemeIsReadInAnyCase(String scheme) {
        api.send(api.request(user.path())
                        .header("Authorization", scheme + " " + user.token())
                        .GET())
                .expect(200);
    }

    /** T8 */
    @ParameterizedTest
    @MethodSource("secondHeaders")
    void secondAuthorizationHeaderIsMalformed(String second) {
        for (String path : List.of(user.path(), "/users/me")) {
            api.send(api.request(path)
                            .header("Authorization", "Bearer " + user.token())
                            .header("Authorization", second)
                            .GET())
                    .expectProblem(400, "malformed");
        }
        api.send(api.request("/auth/logout")
                        .header("Authorization", "Bearer " + user.token())
                        .header("Authorization", second)
                        .POST(BodyPublishers.noBody()))
                .expectProblem(400, "malformed");
    }

    static Stream<String> secondHeaders() {
        return Stream.of("Bearer x", "Basic eDp5", "bearer", "Bearer " + "x".repeat(1000));
    }

    /** T5 */
    @Test
    void tokenIsAcceptedUntilFiveSecondsAfterItsExpiry() {
        api.get(user.path(), TestTokens.sign(user.id(), Duration.ofSeconds(900 + 5 - 3)))
                .expect(200);
        expectInvalidToken(api.get(user.path(), TestTokens.sign(user.id(), Duration.ofSeconds(900 + 5))));
    }

    /** T5: the clocks of two issuers may differ. */
    @Test
    void tokenIssuedAtMostAMinuteInTheFutureIsAccepted() {
        api.get(user.path(), TestTokens.sign(user.id(), Duration.ofMinutes(-1))).expect(200);
        expectInvalidToken(api.get(user.path(), TestTokens.sign(user.id(), Duration.ofSeconds(-60 - 3))));
        expectInvalidToken(api.get(user.path(), TestTokens.sign(user.id(), Duration.ofDays(-400))));
    }

    /** T5 */
    @Test
    void tokenThatBeginsAtMostAMinuteInTheFutureIsAccepted() {
        Map<String, Object> claims = TestTokens.claims(user.id());
        long now = Instant.now().getEpochSecond();

        claims.put("nbf", now + 60);
        api.get(user.path(), TestTokens.sign(TestTokens.header(), claims)).expect(200);
        claims.put("nbf", now + 60 + 3);
        expectInvalidToken(api.get(user.path(), TestTokens.sign(TestTokens.header(), claims)));
    }

    /** A token that was issued by a clock that is ahead ends with its session. */
    @Test
    void tokenIssuedInTheFutureCanLogOut() {
        String early = TestTokens.sign(user.token(), Duration.ofMinutes(-1));
        api.get(user.path(), early).expect(200);

        api.logout(early).expect(204);

        expectInvalidToken(api.get(user.path(), early));
        expectInvalidToken(api.get(user.path(), user.token()));
        long seconds = ROSTER.jdbi().withHandle(handle -> handle.createQuery("""
                        SELECT min(extract(epoch FROM expires_at - now()))::bigint
                          FROM token_blocklist
                         WHERE user_id = :id
                        """)
                .bind("id", user.id())
                .mapTo(Long.class)
                .one());
        assertThat(seconds)
                .as("it is revoked for as long as it could be accepted")
                .isBetween(930L, 965L);
    }

    @Test
    void expiredTokenCanLogOut() {
        String expired = TestTokens.sign(user.token(), Duration.ofMinutes(16));
        expectInvalidToken(api.get(user.path(), expired));

        api.logout(expired).expect(204);
        api.logout(expired).expect(204);

        expectInvalidToken(api.get(user.path(), expired));
        expectInvalidToken(api.get(user.path(), user.token()));
    }

    @Test
    void tokenThatExpiredLongAgoCanLogOut() {
        String expired = TestTokens.sign(user.token(), Duration.ofDays(365));

        api.logout(expired).expect(204);

        expectInvalidToken(api.get(user.path(), expired));
        expectInvalidToken(api.get(user.path(), user.token()));
    }

    @Test
    void everyProtectedRouteRequiresAToken() {
        String unknown = "/users/" + UUID.randomUUID();
        for (String path : List.of(user.path(), unknown, "/users/me")) {
            expectUnauthenticated(api.get(path, null));
        }
        for (String path : List.of(user.path(), unknown)) {
            expectUnauthenticated(api.put(path, null, Map.of("name", "Somebody Else")));
            expectUnauthenticated(api.delete(path, null));
        }
        expectUnauthenticated(api.logout(null));
    }

    private static void expectUnauthenticated(Reply reply) {
        reply.expectProblem(401, "unauthenticated");
        assertThat(reply.header("WWW-Authenticate")).isEqualTo(NO_TOKEN);
    }

    static void expectInvalidToken(Reply reply) {
        reply.expectProblem(401, "invalid-token");
        assertThat(reply.header("WWW-Authenticate")).isEqualTo(BAD_TOKEN);
        assertThat(reply.body().path("detail").asText()).isEqualTo("The access token is not valid.");
    }

    private static String decode(String part) {
        return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
    }
}
