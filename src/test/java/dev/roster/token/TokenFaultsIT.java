package dev.roster.token;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roster.refusal.TokenFault;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import dev.roster.support.process.ConsoleLog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** L8: operators learn from the access log and a metric why a token was refused. Clients do not. */
class TokenFaultsIT {
    @RegisterExtension
    static final RosterExtension ROSTER =
            new RosterExtension().with("LOG_LEVEL", "INFO").with("LOG_FORMAT", "json");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String METRIC = "roster_token_refusals_total";

    private final ConsoleLog log = new ConsoleLog();
    private final Api api = ROSTER.api();
    private final TestUser user = api.newUser();
    private final Map<String, Object> header = TestTokens.header();
    private final Map<String, Object> claims = TestTokens.claims(user.id());

    @AfterEach
    void stopListening() {
        log.close();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UNKNOWN_KEY")
    void reasonIsInTheLogAndTheMetricButNotInTheAnswer(TokenFault fault) {
        String token = token(fault);
        long before = ROSTER.count(METRIC, "reason", fault.id());

        Reply reply = isRefreshToken(fault) ? api.refresh(requireNonNull(token)) : api.get("/users/me", token);

        if (fault == TokenFault.MISSING) {
            reply.expectUnauthenticated();
        } else {
            reply.expectInvalidToken();
        }
        assertThat(reply.body().path("detail").textValue())
                .isEqualTo(
                        switch (fault) {
                            case MISSING ->
                                "This request needs an access token. Send it in a header: Authorization: Bearer"
                                        + " <token>";
                            case UNKNOWN_SESSION, REUSED -> "The refresh token is not valid.";
                            default -> "The access token is not valid.";
                        });
        assertThat(ROSTER.count(METRIC, "reason", fault.id())).isEqualTo(before + 1);
        JsonNode line = accessLine(reply);
        assertThat(line.path("problem").textValue())
                .isEqualTo(fault == TokenFault.MISSING ? "unauthenticated" : "invalid-token");
        assertThat(line.path("reason").textValue()).isEqualTo(fault.id());
        assertThat(line.path("jti").textValue()).isEqualTo(isSignedByTheService(fault) ? jti(token) : null);
        assertThat(line.path("status").intValue()).isEqualTo(401);
        if (token != null && token.length() > 20) {
            String signature = token.substring(token.lastIndexOf('.') + 1);
            assertThat(log.lines()).noneMatch(each -> each.contains(signature.substring(0, 10)));
        }
    }

    /** Otherwise bad tokens would fill the disk faster than other requests. */
    @Test
    void refusedTokenCausesNoOtherLineThanThatOfItsRequest() {
        TestSession session = api.newSession(user);
        api.logout(session.accessToken()).expect(204);
        accessLine(api.get("/users/me", user.token()).expect(200));
        int lines = log.lines().size();

        for (String token :
                List.of("garbage", session.accessToken(), TestTokens.sign(user.id(), Duration.ofHours(1)))) {
            accessLine(api.get("/users/me", token).expectInvalidToken());
        }
        accessLine(api.logout("garbage").expectInvalidToken());
        accessLine(api.refresh("garbage").expectInvalidToken());
        accessLine(api.get("/users/me", null).expectUnauthenticated());

        assertThat(log.lines().stream().skip(lines).map(TokenFaultsIT::parse))
                .filteredOn(line -> line.has("request_id")) // the feed and the jobs log, too
                .hasSizeGreaterThanOrEqualTo(6)
                .allMatch(line -> line.path("logger").asText().equals("access"));
    }

    /** A client can put any text into a claim, but only somebody with the key can sign it. */
    @Test
    void idThatIsNoUuidIsNotLogged() {
        claims.put("jti", "forged\r\nline");

        Reply reply = api.get("/users/me", TestTokens.sign(header, claims)).expectInvalidToken();

        JsonNode line = accessLine(reply);
        assertThat(line.path("reason").textValue()).isEqualTo("malformed");
        assertThat(line.has("jti")).isFalse();
        assertThat(log.lines()).noneMatch(each -> each.contains("forged"));
    }

    @Test
    void logoutHasTheReasonToo() {
        Reply missing = api.logout(null).expectUnauthenticated();
        Reply forged = api.logout(TestTokens.sign(TestTokens.json(header), TestTokens.json(claims), "x", "HmacSHA256"))
                .expectInvalidToken();

        assertThat(accessLine(missing).path("reason").textValue()).isEqualTo("missing");
        assertThat(accessLine(forged).path("reason").textValue()).isEqualTo("wrong_signature");
    }

    private @Nullable String token(TokenFault fault) {
        long now = Instant.now().getEpochSecond();
        switch (fault) {
            case MISSING -> {
                return null;
            }
            case MALFORMED -> {
                return "garbage";
            }
            case WRONG_ALGORITHM -> header.put("alg", "HS384");
            case WRONG_TYPE -> header.put("typ", "JWT");
            case WRONG_SIGNATURE -> {
                return TestTokens.sign(TestTokens.json(header), TestTokens.json(claims), "another", "HmacSHA256");
            }
            case WRONG_ISSUER -> claims.put("iss", "another");
            case WRONG_AUDIENCE -> claims.put("aud", "another");
            case EXPIRED -> {
                return TestTokens.sign(user.id(), Duration.ofHours(1));
            }
            case ISSUED_IN_THE_FUTURE -> {
                return TestTokens.sign(user.id(), Duration.ofHours(-1));
            }
            case NOT_YET_VALID -> claims.put("nbf", now + 600);
            case TOO_LONG_LIVED -> claims.put("exp", now + 3600);
            case REVOKED -> api.logout(user.token()).expect(204);
            case UNKNOWN_USER -> claims.put("sub", UUID.randomUUID().toString());
            case UNKNOWN_SESSION -> {
                TestSession ended = api.newSession(user);
                api.logout(ended.accessToken()).expect(204);
                return ended.refreshToken();
            }
            case REUSED -> {
                return reusedToken();
            }
            case UNKNOWN_KEY -> throw new IllegalArgumentException("Not of a token");
        }
        return fault == TokenFault.REVOKED ? user.token() : TestTokens.sign(header, claims);
    }

    private String reusedToken() {
        TestSession session = api.newSession(user);
        api.refreshed(session.refreshToken());
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute(
                        "UPDATE spent_refresh_tokens SET spent_at = spent_at - '1 hour'::interval WHERE session_id = ?",
                        session.id()));
        return session.refreshToken();
    }

    private static boolean isRefreshToken(TokenFault fault) {
        return fault == TokenFault.UNKNOWN_SESSION || fault == TokenFault.REUSED;
    }

    private static boolean isSignedByTheService(TokenFault fault) {
        return switch (fault) {
            case WRONG_ISSUER,
                    WRONG_AUDIENCE,
                    EXPIRED,
                    ISSUED_IN_THE_FUTURE,
                    NOT_YET_VALID,
                    TOO_LONG_LIVED,
                    REVOKED,
                    UNKNOWN_USER -> true;
            default -> false;
        };
    }

    private static @Nullable String jti(@Nullable String token) {
        return token == null ? null : TestTokens.read(token).path("jti").textValue();
    }

    private JsonNode accessLine(Reply reply) {
        String id = String.valueOf(reply.header("X-Request-Id"));
        return log.linesUntil(1, line -> line.contains("\"access\"") && line.contains(id)).stream()
                .map(TokenFaultsIT::parse)
                .filter(line -> line.path("logger").asText().equals("access")
                        && line.path("request_id").asText().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new AssertionError(line, e);
        }
    }
}
