package dev.roster.integration.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.apikey.Scope;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.TestTokens;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.fault.Link;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import dev.roster.support.process.ConsoleLog;
import java.io.ByteArrayInputStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Introspection of tokens (RFC 7662), on two nodes of one database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IntrospectionIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final Link LINK = Link.to(DATABASE.url());
    private static final Link FEED = Link.to(DATABASE.url());

    /** The headers that differ between any two answers. */
    private static final Set<String> OWN_HEADERS = Set.of("date", "x-request-id", "traceresponse");

    @RegisterExtension
    final RosterExtension node = new RosterExtension().on(DATABASE).with("SELF_ASSIGNABLE_ROLES", "user");

    @RegisterExtension
    final RosterExtension other = new RosterExtension().on(DATABASE).with("FEED_DATABASE_URL", FEED.url());

    /** Serves one test only: dead connections stay in its pool. */
    @RegisterExtension
    final RosterExtension cutOff = new RosterExtension().on(DATABASE).with("DATABASE_URL", LINK.url());

    @AfterEach
    void restore() {
        FEED.restore();
        Poll.until("fresh", PATIENCE, () -> other.count("roster_feed_fresh") == 1);
    }

    @Test
    void activeTokenIsDescribed() {
        TestUser user = api().newUser();
        JsonNode claims = TestTokens.read(user.token());

        Reply reply = introspect(user.token()).expect(200);

        assertThat(reply.text())
                .isEqualTo(("{'active':true,'sub':'%s','sid':'%s','jti':'%s','iss':'roster','aud':'roster','iat':%d,"
                                + "'exp':%d,'auth_time':%d,'token_type':'Bearer'}")
                        .replace('\'', '"')
                        .formatted(
                                user.id(),
                                claims.path("sid").asText(),
                                claims.path("jti").asText(),
                                claims.path("iat").asLong(),
                                claims.path("exp").asLong(),
                                claims.path("auth_time").asLong()));
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
        assertThat(reply.header("Consistency-Token")).isNull();
    }

    @Test
    void roleIsToldIfUsersMayNotGiveItToThemselves() {
        TestUser user = api().newUser();
        DATABASE.jdbi().useHandle(handle -> handle.execute("UPDATE users SET role = 'admin' WHERE id = ?", user.id()));

        assertThat(introspect(api().newToken(user.email())).body().path("role").asText())
                .isEqualTo("admin");
    }

    @Test
    void tokenOfNoSessionHasFewerMembers() {
        UUID userId = api().newUser().id();

        Reply reply = introspect(TestTokens.sign(userId, Duration.ZERO)).expect(200);

        assertThat(reply.body().fieldNames())
                .toIterable()
                .containsExactly("active", "sub", "jti", "iss", "aud", "iat", "exp", "token_type");
    }

    Stream<Arguments> inactive() {
        TestUser user = api().newUser();
        TestSession session = api().newSession(user);
        TestSession ended = api().newSession(user);
        api().logout(ended.accessToken()).expect(204);
        TestUser gone = api().newUser();
        api().delete(gone.path(), gone.token()).expect(204);
        return Stream.of(
                arguments("expired", TestTokens.sign(session.accessToken(), Duration.ofSeconds(906))),
                arguments("logged out", ended.accessToken()),
                arguments("of a user who is deleted", gone.token()),
                arguments("refresh token", session.refreshToken()),
                arguments("API key", key()),
                arguments("malformed", "x"),
                arguments("not a token at all", "a b\u0000\u00e9"),
                arguments("too long", "a".repeat(5_000)),
                arguments("changed", session.accessToken() + "x"),
                arguments("not yet issued", TestTokens.sign(user.id(), Duration.ofMinutes(-5))),
                arguments("forged", signWith("another-9vKq3LzPpW7cYtXr1nUeHsBd5GmJ", user)),
                arguments("not signed", unsigned(user)),
                arguments("of another type", typed("JWT", user)),
                arguments("ID token", typed("id+jwt", user)),
                arguments("of another issuer", with("iss", "elsewhere", user)),
                arguments("for another audience", with("aud", "elsewhere", user)),
                arguments("without an audience", with("aud", Map.of(), user)));
    }

    /** Byte for byte, so that the answer does not tell why. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("inactive")
    void anyOtherTokenIsNotActive(String name, String token) {
        Reply reply = introspect(token).expect(200);
        Reply unknown = introspect("unknown").expect(200);

        assertThat(reply.text()).isEqualTo("{\"active\":false}");
        assertThat(comparable(reply)).isEqualTo(comparable(unknown)).containsEntry("cache-control", "[no-store]");
    }

    private static Map<String, String> comparable(Reply reply) {
        return reply.headers().map().entrySet().stream()
                .filter(header -> !OWN_HEADERS.contains(header.getKey()))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, header -> header.getValue().toString(), (one, two) -> one, TreeMap::new));
    }

    @Test
    void loggedOutTokenIsNotActiveAtOnceAndSoonOnAnotherNode() {
        TestUser user = api().newUser();
        assertActive(introspectAtOther(user.token()));

        api().logout(user.token()).expect(204);

        assertInactive(introspect(user.token()));
        Poll.until("not active", PATIENCE, () -> !isActive(introspectAtOther(user.token())));
    }

    @Test
    void databaseDecidesWhileTheFeedIsCut() {
        TestUser user = api().newUser();
        TestUser bystander = api().newUser();
        String key = key();
        FEED.cut();
        Poll.until("stale", PATIENCE, () -> other.count("roster_feed_fresh") == 0);

        api().logout(user.token()).expect(204);

        assertInactive(other.api().form("/oauth/introspect", key, "token=" + user.token()));
        assertActive(other.api().form("/oauth/introspect", key, "token=" + bystander.token()));
    }

    @Test
    void noAnswerIsGivenWhileATokenCannotBeChecked() {
        TestUser user = api().newUser();
        String key = key();
        LINK.cut();
        Poll.until("stale", PATIENCE, () -> cutOff.count("roster_feed_fresh") == 0);

        cutOff.api().form("/oauth/introspect", key, "token=" + user.token()).expectProblem(503, "unavailable");
    }

    @Test
    void fieldsAreDecodedAndOthersIgnored() {
        String token = api().newUser().token();
        String encoded = token.chars().mapToObj("%%%02x"::formatted).collect(Collectors.joining());

        for (String form : new String[] {
            "token=" + encoded,
            "token_type_hint=refresh_token&token=" + token,
            "&token=" + token + "&&a&b=%20+&a=" + token,
            "%74oken=" + token
        }) {
            assertActive(api().form("/oauth/introspect", key(), form));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                | The form must have the field token once.",
                "token             | The form must have the field token once.",
                "token=            | The form must have the field token once.",
                "Token=a           | The form must have the field token once.",
                "token=a&token=b   | The form must have the field token once.",
                "token=a&token=    | The form must have the field token once.",
                "token=a&%74oken=a | The form must have the field token once.",
                "token=%           | The form is not well-formed UTF-8, percent-encoded.",
                "token=%zz         | The form is not well-formed UTF-8, percent-encoded.",
                "token=%c3%28      | The form is not well-formed UTF-8, percent-encoded.",
                "token=a&b=%c0%80  | The form is not well-formed UTF-8, percent-encoded."
            })
    void malformedFormIsRefused(String form, String detail) {
        for (String path : new String[] {"/oauth/introspect", "/oauth/revoke"}) {
            Reply reply = api().form(path, key(), form).expectProblem(400, "malformed");

            assertThat(reply.body().path("detail").asText()).isEqualTo(detail);
        }
    }

    @Test
    void rawBytesThatAreNoUtf8AreRefused() {
        api().send(post("application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofByteArray(new byte[] {'t', 'o', 'k', 'e', 'n', '=', (byte) 0xff})))
                .expectProblem(400, "malformed");
    }

    @Test
    void tokenInTheQueryIsNeitherReadNorLogged() {
        String token = api().newUser().token();

        try (ConsoleLog log = new ConsoleLog()) {
            api().form("/oauth/introspect?token=" + token, key(), "").expectProblem(400, "malformed");
            assertInactive(api().form("/oauth/introspect?token=" + token, key(), "token=x"));

            assertThat(log.linesUntil(2, line -> line.contains("ACCESS") && line.contains("/oauth/introspect")))
                    .noneMatch(line -> line.contains(token));
        }
    }

    @Test
    void keyIsCheckedBeforeTheForm() {
        api().form("/oauth/introspect", null, "").expectProblem(401, "unauthenticated");
        api().form("/oauth/revoke", "garbage", "token=%zz").expectProblem(401, "unauthenticated");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "multipart/form-data; boundary=a",
                "text/plain",
                "*/*",
                "application/x-www-form-urlencoded; charset=iso-8859-1",
                "garbage"
            })
    void bodyThatIsNoFormIsRefused(String type) {
        Reply reply = api().send(post(type).POST(BodyPublishers.ofString("{\"token\":\"x\"}")))
                .expectProblem(415, "unsupported-media-type");

        assertThat(reply.body().path("detail").asText())
                .isEqualTo("A body must be application/x-www-form-urlencoded in UTF-8.");
    }

    @Test
    void formInUtf8IsAccepted() {
        assertInactive(api().send(post("application/x-www-form-urlencoded; charset=UTF-8")
                .POST(BodyPublishers.ofString("token=x"))));
    }

    @Test
    void otherRoutesTakeNoForm() {
        api().send(api().requestTo("/api/v1/auth/login")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("email=a&password=b")))
                .expectProblem(415, "unsupported-media-type");
    }

    @Test
    void tooLargeFormIsRefused() {
        String form = "token=" + "a".repeat(16 * 1024);

        api().form("/oauth/introspect", key(), form).expectProblem(413, "too-large");
        api().send(post("application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(form.getBytes(UTF_8)))))
                .expectProblem(413, "too-large");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
    void onlyPostIsAllowed(String method) {
        for (String path : new String[] {"/oauth/introspect", "/oauth/revoke"}) {
            assertThat(api().raw(method, path).expect(405).header("Allow")).isEqualTo("POST");
        }
    }

    @Test
    void introspectionsAreCounted() {
        String token = api().newUser().token();
        long active = node.count("roster_introspections_total", "outcome", "active");
        long inactive = node.count("roster_introspections_total", "outcome", "inactive");
        long requests = node.count("roster_authentications_total", "outcome", "accepted");

        introspect(token);
        introspect("x");

        assertThat(node.count("roster_introspections_total", "outcome", "active"))
                .isEqualTo(active + 1);
        assertThat(node.count("roster_introspections_total", "outcome", "inactive"))
                .isEqualTo(inactive + 1);
        assertThat(node.count("roster_authentications_total", "outcome", "accepted"))
                .isEqualTo(requests);
    }

    private Api api() {
        return node.api();
    }

    private static String key() {
        return TestKeys.make(DATABASE.jdbi(), Scope.INTROSPECT);
    }

    private HttpRequest.Builder post(String type) {
        return api().requestTo("/oauth/introspect")
                .header("Authorization", "Bearer " + key())
                .header("Content-Type", type);
    }

    private Reply introspect(String token) {
        return api().form("/oauth/introspect", key(), "token=" + URLEncoder.encode(token, UTF_8));
    }

    private Reply introspectAtOther(String token) {
        return other.api().form("/oauth/introspect", key(), "token=" + token);
    }

    private static boolean isActive(Reply reply) {
        return reply.expect(200).body().path("active").asBoolean();
    }

    private static void assertActive(Reply reply) {
        assertThat(isActive(reply)).as(reply.text()).isTrue();
    }

    private static void assertInactive(Reply reply) {
        assertThat(reply.expect(200).text()).isEqualTo("{\"active\":false}");
    }

    private static String signWith(String secret, TestUser user) {
        return TestTokens.sign(
                TestTokens.json(TestTokens.header()),
                TestTokens.json(TestTokens.claims(user.id())),
                secret,
                "HmacSHA256");
    }

    private static String unsigned(TestUser user) {
        Map<String, Object> header = TestTokens.header();
        header.put("alg", "none");
        return TestTokens.base64(TestTokens.json(header).getBytes(UTF_8))
                + "."
                + TestTokens.base64(
                        TestTokens.json(TestTokens.claims(user.id())).getBytes(UTF_8))
                + ".";
    }

    private static String typed(String type, TestUser user) {
        Map<String, Object> header = TestTokens.header();
        header.put("typ", type);
        return TestTokens.sign(header, TestTokens.claims(user.id()));
    }

    private static String with(String claim, Object value, TestUser user) {
        Map<String, Object> claims = TestTokens.claims(user.id());
        claims.put(claim, value);
        return TestTokens.sign(TestTokens.header(), claims);
    }
}
