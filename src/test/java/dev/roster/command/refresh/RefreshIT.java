package dev.roster.command.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.support.Concurrently;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** T12. Sessions age by the database's clock, so tests change the times in their rows. */
class RefreshIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    private final Api api = ROSTER.api();
    private final TestUser user = api.newUser();
    private final TestSession session = api.newSession(user);

    @Test
    void refreshReturnsAWorkingPairOfTokens() {
        Reply reply = api.refresh(session.refreshToken()).expect(200);

        JsonNode body = reply.body();
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
        assertThat(body.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "access_token", "token_type", "expires_in", "refresh_token", "refresh_expires_in");
        assertThat(body.path("token_type").textValue()).isEqualTo("Bearer");
        assertThat(body.path("expires_in").intValue()).isEqualTo(900);
        assertThat(body.path("refresh_expires_in").intValue()).isEqualTo(30 * 86_400);
        assertThat(body.path("access_token").textValue()).isNotEqualTo(session.accessToken());
        assertThat(body.path("refresh_token").textValue()).isNotEqualTo(session.refreshToken());
        api.get(user.path(), body.path("access_token").textValue()).expect(200);
        api.refresh(body.path("refresh_token").textValue()).expect(200);
    }

    @Test
    void refreshKeepsTheSessionAndItsOlderAccessTokens() {
        TestSession refreshed = api.refreshed(session.refreshToken());

        assertThat(refreshed.id()).isEqualTo(session.id());
        JsonNode claims = TestTokens.read(refreshed.accessToken());
        assertThat(claims.path("sub").asText()).isEqualTo(user.id().toString());
        assertThat(claims.path("jti").asText())
                .isNotEqualTo(TestTokens.read(session.accessToken()).path("jti").asText());
        api.get(user.path(), session.accessToken()).expect(200);
    }

    @Test
    void everyRefreshReturnsANewToken() {
        Set<String> tokens = new HashSet<>(Set.of(session.refreshToken()));
        String token = session.refreshToken();
        for (int i = 0; i < 20; i++) {
            token = api.refreshed(token).refreshToken();
            assertThat(tokens.add(token)).isTrue();
        }
    }

    @Test
    void spentTokenReturnsTheSameSuccessorWithinTheGracePeriod() {
        TestSession first = api.refreshed(session.refreshToken());

        for (int i = 0; i < 3; i++) {
            TestSession again = api.refreshed(session.refreshToken());
            assertThat(again.refreshToken()).isEqualTo(first.refreshToken());
            assertThat(again.id()).isEqualTo(session.id());
            api.get(user.path(), again.accessToken()).expect(200);
        }
        api.refresh(first.refreshToken()).expect(200);
    }

    /** A slow tab gets the live token, not one that another tab has spent meanwhile. */
    @Test
    void spentTokenReturnsTheLiveSuccessorAfterSeveralRefreshes() {
        TestSession second = api.refreshed(session.refreshToken());
        TestSession third = api.refreshed(second.refreshToken());
        TestSession fourth = api.refreshed(third.refreshToken());

        for (TestSession spent : List.of(session, second, third)) {
            assertThat(api.refreshed(spent.refreshToken()).refreshToken()).isEqualTo(fourth.refreshToken());
        }
        api.refresh(fourth.refreshToken()).expect(200);
    }

    /** Twelve tabs refresh at once, and none is logged out. */
    @Test
    void concurrentRefreshesReturnOneSuccessor() throws Exception {
        for (int round = 0; round < 5; round++) {
            TestSession raced = api.newSession(user);

            List<Reply> replies = Concurrently.run(12, i -> api.refresh(raced.refreshToken()));

            assertThat(replies).extracting(Reply::status).containsOnly(200);
            assertThat(replies)
                    .extracting(reply -> reply.body().path("refresh_token").asText())
                    .containsOnly(replies.get(0).body().path("refresh_token").asText());
            replies.forEach(reply -> api.get(
                            user.path(), reply.body().path("access_token").asText())
                    .expect(200));
            api.refresh(replies.get(0).body().path("refresh_token").asText()).expect(200);
        }
    }

    @Test
    void reuseAfterTheGracePeriodEndsTheSession() {
        TestSession refreshed = api.refreshed(session.refreshToken());
        TestSession other = api.newSession(user);
        age(session, "10.5 seconds");

        api.refresh(session.refreshToken()).expectInvalidToken();

        api.refresh(refreshed.refreshToken()).expectInvalidToken();
        api.get(user.path(), refreshed.accessToken()).expectInvalidToken();
        api.get(user.path(), session.accessToken()).expectInvalidToken();
        api.get(user.path(), other.accessToken()).expect(200);
        api.refresh(other.refreshToken()).expect(200);
        assertThat(blocklisted(session.id()))
                .isEqualTo(Map.of("kind", "session", "user_id", user.id(), "reason", "refresh_token_reused"));
    }

    /** L5 */
    @Test
    void reuseIsLoggedOnce() {
        Logger logger = (Logger) LoggerFactory.getLogger(RefreshSessionHandler.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        api.refreshed(session.refreshToken());
        api.refresh(session.refreshToken()).expect(200);
        assertThat(log.list).isEmpty();
        age(session, "1 minute");

        Reply reply = api.refresh(session.refreshToken()).expectInvalidToken();
        api.refresh(session.refreshToken()).expectInvalidToken();

        logger.detachAppender(log);
        assertThat(log.list).hasSize(1);
        ILoggingEvent event = log.list.get(0);
        assertThat(event.getLevel()).isEqualTo(Level.WARN);
        assertThat(event.getFormattedMessage())
                .isEqualTo("SECURITY refresh_token_reused: session " + session.id() + " of user " + user.id()
                        + " is ended; the spent token came from 127.0.0.1");
        assertThat(event.getMDCPropertyMap()).containsEntry("request_id", reply.header("X-Request-Id"));
    }

    /** The token's hash was purged: only the MAC in the token proves that it belonged to the session. */
    @Test
    void reuseOfAPurgedTokenEndsTheSession() {
        TestSession second = api.refreshed(session.refreshToken());
        age(session, "1 hour");
        TestSession third = api.refreshed(second.refreshToken());
        age(session, "1 hour");
        TestSession fourth = api.refreshed(third.refreshToken());
        purge();
        assertThat(spentTokens(session)).isEqualTo(1);

        api.refresh(session.refreshToken()).expectInvalidToken();

        api.refresh(fourth.refreshToken()).expectInvalidToken();
        api.get(user.path(), fourth.accessToken()).expectInvalidToken();
    }

    @Test
    void purgeKeepsSpentTokensDuringTheGracePeriod() {
        TestSession refreshed = api.refreshed(session.refreshToken());
        age(session, "5 seconds");
        purge();

        assertThat(api.refreshed(session.refreshToken()).refreshToken()).isEqualTo(refreshed.refreshToken());
    }

    @Test
    void reuseRevokesTheTokensOfConcurrentRefreshes() throws Exception {
        for (int round = 0; round < 5; round++) {
            TestSession stolen = api.newSession(user);
            TestSession live = api.refreshed(stolen.refreshToken());
            age(stolen, "1 minute");

            List<Reply> replies =
                    Concurrently.run(12, i -> api.refresh(i % 2 == 0 ? stolen.refreshToken() : live.refreshToken()));

            assertThat(replies).extracting(Reply::status).containsAnyOf(401).isSubsetOf(200, 401);
            for (Reply reply : replies) {
                if (reply.status() == 200) {
                    api.get(user.path(), reply.body().path("access_token").asText())
                            .expectInvalidToken();
                    api.refresh(reply.body().path("refresh_token").asText()).expectInvalidToken();
                }
            }
        }
    }

    @Test
    void idleSessionExpires() {
        expire(session);

        api.refresh(session.refreshToken()).expectInvalidToken();
        assertThat(blocklisted(session.id()))
                .as("an expired session is not blocklisted")
                .isEmpty();
    }

    @Test
    void expiredSessionRefusesSpentAndLiveTokens() {
        TestSession refreshed = api.refreshed(session.refreshToken());
        expire(session);

        api.refresh(session.refreshToken()).expectInvalidToken();
        api.refresh(refreshed.refreshToken()).expectInvalidToken();
    }

    @Test
    void refreshRestartsTheIdleLifetime() {
        update("UPDATE sessions SET expires_at = now() + interval '1 minute' WHERE id = ?", session.id());

        Reply reply = api.refresh(session.refreshToken()).expect(200);

        assertThat(reply.body().path("refresh_expires_in").intValue()).isEqualTo(30 * 86_400);
    }

    @Test
    void tokensExpireNinetyDaysAfterTheLogin() {
        update(
                "UPDATE sessions SET created_at = now() - interval '89 days 23 hours 55 minutes' WHERE id = ?",
                session.id());

        Reply reply = api.refresh(session.refreshToken()).expect(200);

        assertThat(reply.body().path("refresh_expires_in").intValue()).isBetween(200, 300);
        assertThat(reply.body().path("expires_in").intValue())
                .as("no access token outlives its session")
                .isBetween(200, 300);
    }

    @Test
    void sessionOlderThanTheMaximumLifetimeIsRefused() {
        update("UPDATE sessions SET created_at = now() - interval '91 days' WHERE id = ?", session.id());

        api.refresh(session.refreshToken()).expectInvalidToken();
    }

    /** A refused refresh ends the session, so it is refused even after its blocklist row is gone. */
    @Test
    void sessionOrUserBlocklistedByHandIsRefused() {
        TestSession other = api.newSession(user);
        update(
                "INSERT INTO token_blocklist (id, kind, expires_at) VALUES (?, 'session', now() + interval '1 hour')",
                session.id());
        api.refresh(session.refreshToken()).expectInvalidToken();
        update("DELETE FROM token_blocklist WHERE id = ?", session.id());
        api.refresh(session.refreshToken()).expectInvalidToken();
        api.refresh(other.refreshToken()).expect(200);

        update(("INSERT INTO token_blocklist (id, kind, user_id, expires_at)"
                        + " VALUES (?1, 'user', ?1, now() + interval '1 hour')")
                .replace("?1", "'" + user.id() + "'"));
        TestUser somebodyElse = api.newUser();
        api.refresh(other.refreshToken()).expectInvalidToken();
        api.refresh(api.newSession(somebodyElse).refreshToken()).expect(200);
    }

    @Test
    void sessionWithoutARefreshTokenIsRefused() {
        update("UPDATE sessions SET refresh_token_hash = NULL WHERE id = ?", session.id());

        api.refresh(session.refreshToken()).expectInvalidToken();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "x", "null", "eyJhbGciOiJub25lIn0.e30.", "\u0000", "é"})
    void malformedRefreshTokenIsRefused(String token) {
        api.refresh(token).expectInvalidToken();
    }

    @Test
    void alteredTokenIsRefusedAndItsSessionStaysOpen() {
        String token = session.refreshToken();
        List<String> forged = new ArrayList<>(List.of(
                token + "=", token + "A", " " + token, token + "\n", token.substring(1), session.accessToken()));
        for (int i = 0; i < token.length(); i++) {
            char other = token.charAt(i) == 'A' ? 'B' : 'A';
            forged.add(token.substring(0, i) + other + token.substring(i + 1));
            forged.add(token.substring(0, i) + '+' + token.substring(i + 1));
        }

        forged.forEach(each -> api.refresh(each).expectInvalidToken());

        api.refresh(token).expect(200);
    }

    @Test
    void refreshTokenIsNotAnAccessToken() {
        api.get(user.path(), session.refreshToken()).expectInvalidToken();
        api.logout(session.refreshToken()).expectInvalidToken();
        api.refresh(session.refreshToken()).expect(200);
    }

    @Test
    void invalidMembersAreNamed() {
        api.post("/auth/refresh", "{}").expectInvalid("refresh_token");
        api.post("/auth/refresh", "{\"refresh_token\": 1, \"scope\": \"all\"}").expectInvalid("refresh_token", "scope");
        api.post("/auth/refresh", "{\"refresh_token\": null}").expectInvalid("refresh_token");
        api.post("/auth/refresh", "[]").expectInvalid("body");
        api.post("/auth/refresh", "").expectProblem(400, "malformed");
    }

    @Test
    void databaseHoldsNoUsableRefreshToken() {
        TestSession refreshed = api.refreshed(session.refreshToken());

        List<Map<String, Object>> rows = ROSTER.jdbi().withHandle(handle -> {
            List<Map<String, Object>> all = new ArrayList<>(
                    handle.select("SELECT * FROM sessions").mapToMap().list());
            all.addAll(handle.select("SELECT * FROM spent_refresh_tokens")
                    .mapToMap()
                    .list());
            return all;
        });

        for (String token : List.of(session.refreshToken(), refreshed.refreshToken())) {
            String secret = token.substring(24, 60); // well within its 256 random bits
            assertThat(rows).allSatisfy(row -> assertThat(row.toString()).doesNotContain(secret));
        }
        for (Map<String, Object> row : rows) {
            row.values().forEach(value -> api.refresh(String.valueOf(value)).expectInvalidToken());
        }
        api.refresh(refreshed.refreshToken()).expect(200);
    }

    /** Moves the use of the session's spent tokens into the past. */
    private static void age(TestSession session, String by) {
        update(
                "UPDATE spent_refresh_tokens SET spent_at = spent_at - '" + by + "'::interval WHERE session_id = ?",
                session.id());
    }

    private static void expire(TestSession session) {
        update("UPDATE sessions SET expires_at = now() WHERE id = ?", session.id());
    }

    private static void update(String sql, Object... values) {
        ROSTER.jdbi().useHandle(handle -> handle.execute(sql, values));
    }

    private static void purge() {
        new Api(ROSTER.admin()).raw("POST", "/tasks/purge").expect(200);
    }

    private static int spentTokens(TestSession session) {
        return ROSTER.jdbi().withHandle(handle -> handle.select(
                        "SELECT count(*) FROM spent_refresh_tokens WHERE session_id = ?", session.id())
                .mapTo(Integer.class)
                .one());
    }

    private static Map<String, Object> blocklisted(UUID id) {
        return ROSTER.jdbi().withHandle(handle -> handle.select(
                        "SELECT kind, user_id, reason FROM token_blocklist WHERE id = ?", id)
                .mapToMap()
                .findOne()
                .orElseGet(Map::of));
    }
}
