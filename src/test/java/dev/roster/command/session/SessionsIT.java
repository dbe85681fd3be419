package dev.roster.command.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Listing sessions, and all ways to end them. */
class SessionsIT {
    @RegisterExtension
    static final RosterExtension ROSTER = RosterExtension.shared();

    private final Api api = ROSTER.api();
    private final TestUser user = api.newUser();

    @Test
    void sessionsAreShownToTheirOwner() {
        TestSession phone = loginWith("Phone/1.0 (like something)");

        Reply reply = api.get(user.sessionsPath(), phone.accessToken()).expect(200);

        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
        assertThat(reply.body().fieldNames()).toIterable().containsExactly("sessions");
        assertThat(reply.body().path("sessions")).hasSize(2);
        JsonNode shown = sessionIn(reply, phone.id());
        assertThat(shown.fieldNames())
                .toIterable()
                .containsExactly("id", "created_at", "last_used_at", "expires_at", "user_agent", "ip", "current");
        assertThat(shown.path("user_agent").textValue()).isEqualTo("Phone/1.0 (like something)");
        assertThat(shown.path("ip").textValue()).isEqualTo("127.0.0.1");
        assertThat(shown.path("current").booleanValue()).isTrue();
        Instant created = Instant.parse(shown.path("created_at").textValue());
        assertThat(shown.path("created_at").textValue()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");
        assertThat(Instant.parse(shown.path("last_used_at").textValue())).isEqualTo(created);
        assertThat(Instant.parse(shown.path("expires_at").textValue())).isEqualTo(created.plusSeconds(30 * 86_400));
        JsonNode first = sessionIn(reply, sid(user.token()));
        assertThat(first.path("current").booleanValue()).isFalse();
    }

    @Test
    void lastUsedSessionIsListedFirst() {
        TestSession second = api.newSession(user);
        TestSession third = api.newSession(user);
        age(third, "1 hour");
        age(second, "2 hours");
        api.refresh(second.refreshToken()).expect(200);

        assertThat(ids(user.token()))
                .startsWith(second.id().toString())
                .endsWith(third.id().toString());
    }

    @Test
    void sessionsAreNotShownToOthers() {
        TestUser other = api.newUser();

        api.get(user.sessionsPath(), null).expectUnauthenticated();
        api.get(user.sessionsPath(), other.token()).expectProblem(403, "forbidden");
        api.get("/users/" + UUID.randomUUID() + "/sessions", other.token()).expectProblem(404, "not-found");
        api.get("/users/1/sessions", other.token()).expectProblem(404, "not-found");
        assertThat(ids(other.token(), other)).containsExactly(sid(other.token()).toString());
    }

    @Test
    void tokenWithoutASessionMayListSessions() {
        String token = TestTokens.sign(TestTokens.header(), TestTokens.claims(user.id()));

        assertThat(sessions(token, user)).hasSize(1).allSatisfy(session -> assertThat(
                        session.path("current").booleanValue())
                .isFalse());
    }

    @Test
    void expiredSessionsAreNotShown() {
        TestSession over = api.newSession(user);
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute("UPDATE sessions SET expires_at = now() WHERE id = ?", over.id()));

        assertThat(ids(user.token())).doesNotContain(over.id().toString()).hasSize(1);
    }

    @Test
    void lastUseIsUpdatedAtMostOnceAMinute() {
        TestSession session = api.newSession(user);
        String created = lastUsed(session);
        TestSession second = api.refreshed(session.refreshToken());
        assertThat(lastUsed(session)).as("updated at most once a minute").isEqualTo(created);
        age(session, "61 seconds");
        String aged = lastUsed(session);

        api.refresh(second.refreshToken()).expect(200);

        assertThat(Instant.parse(lastUsed(session))).isAfter(Instant.parse(aged).plusSeconds(60));
    }

    @Test
    void sessionShowsTheDeviceThatRefreshedLast() {
        TestSession session = loginWith("Old/1");
        api.send(api.request("/auth/refresh")
                        .header("Content-Type", "application/json")
                        .header("User-Agent", "New/2")
                        .POST(BodyPublishers.ofString(
                                TestTokens.json(Map.of("refresh_token", session.refreshToken())))))
                .expect(200);

        assertThat(shown(session).path("user_agent").textValue()).isEqualTo("New/2");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 256, 257, 4000})
    void userAgentIsCutAfter256Characters(int length) {
        TestSession session = loginWith("x".repeat(length));

        assertThat(shown(session).path("user_agent").textValue()).isEqualTo("x".repeat(Math.min(length, 256)));
    }

    @Test
    void missingUserAgentIsShownAsNull() {
        String login = "{\"email\":\"" + user.email() + "\",\"password\":\"" + Api.PASSWORD + "\"}";

        ROSTER.raw()
                .send("POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                        + "Content-Type: application/json\r\n"
                        + "Content-Length: " + login.length() + "\r\n\r\n" + login)
                .only()
                .expect(200);

        List<JsonNode> silent = new ArrayList<>();
        sessions(user.token(), user).forEach(each -> {
            if (each.path("user_agent").isNull()) {
                silent.add(each);
            }
        });
        assertThat(silent).hasSize(1);
    }

    @Test
    void logoutEndsTheSessionAndItsTokens() {
        TestSession session = api.newSession(user);
        TestSession refreshed = api.refreshed(session.refreshToken());

        api.logout(session.accessToken()).expect(204);

        expectEnded(session);
        expectEnded(refreshed);
        api.get(user.path(), user.token()).expect(200);
        assertThat(ids(user.token())).containsExactly(sid(user.token()).toString());
    }

    @Test
    void logoutWithAnExpiredTokenEndsTheSession() {
        TestSession session = api.newSession(user);

        api.logout(expired(session)).expect(204);

        expectEnded(session);
    }

    /** If only the token is blocked, it can still log its session out. */
    @Test
    void logoutWithABlockedTokenEndsTheSession() {
        TestSession session = api.newSession(user);
        String again = api.refreshed(session.refreshToken()).accessToken();
        api.logout(withoutSid(again)).expect(204);
        api.get(user.path(), again).expectInvalidToken();
        api.get(user.path(), session.accessToken()).expect(200);

        api.logout(again).expect(204);

        expectEnded(session);
    }

    @Test
    void sessionsCanBeEndedOneByOne() {
        TestSession one = api.newSession(user);
        TestSession other = api.newSession(user);

        Reply reply = api.delete(user.sessionsPath() + "/" + one.id(), other.accessToken())
                .expect(204);

        assertThat(reply.text()).isEmpty();
        expectEnded(one);
        api.get(user.path(), other.accessToken()).expect(200);
        api.delete(user.sessionsPath() + "/" + one.id(), other.accessToken()).expectProblem(404, "not-found");
        api.delete(user.sessionsPath() + "/" + other.id(), other.accessToken()).expect(204);
        expectEnded(other);
        api.get(user.path(), user.token()).expect(200);
    }

    @Test
    void allSessionsEndIncludingTheCurrentOne() {
        TestSession one = api.newSession(user);
        TestSession other = api.newSession(user);
        TestUser somebodyElse = api.newUser();

        api.delete(user.sessionsPath(), one.accessToken()).expect(204);

        expectEnded(one);
        expectEnded(other);
        api.get(user.path(), user.token()).expectInvalidToken();
        api.get(user.path(), somebodyElse.token()).expect(200);
        api.newSession(user);
    }

    /** The row of the caller's session was deleted by hand. */
    @Test
    void endingAllSessionsRevokesATokenWhoseSessionRowIsGone() {
        ROSTER.jdbi().useHandle(handle -> handle.execute("DELETE FROM sessions WHERE id = ?", sid(user.token())));

        api.delete(user.sessionsPath(), user.token()).expect(204);

        api.get(user.path(), user.token()).expectInvalidToken();
    }

    /** If the node failed to revoke an ended session, a repeated request revokes it. */
    @Test
    void repeatedRequestRevokesASessionThatHasAlreadyEnded() {
        TestSession lost = api.newSession(user);
        TestSession alsoLost = api.newSession(user);
        TestSession lostAtLogout = api.newSession(user);
        for (TestSession each : List.of(lost, alsoLost, lostAtLogout)) {
            block(each);
        }

        api.delete(user.sessionsPath() + "/" + lost.id(), user.token()).expectProblem(404, "not-found");
        api.refresh(alsoLost.refreshToken()).expectInvalidToken();
        api.logout(expired(lostAtLogout)).expect(204);

        api.get(user.path(), lostAtLogout.accessToken()).expectInvalidToken();
        api.get(user.path(), lost.accessToken()).expectInvalidToken();
        api.get(user.path(), alsoLost.accessToken()).expectInvalidToken();
    }

    /** Another node has ended the session, and its notification has not arrived yet. */
    @Test
    void endingAllSessionsRevokesThoseEndedElsewhere() {
        TestUser somebodyElse = api.newUser();
        TestSession ofSomebodyElse = endedWithoutNotification(somebodyElse);
        TestSession unannounced = endedWithoutNotification(user);

        api.delete(user.sessionsPath(), user.token()).expect(204);

        expectEnded(unannounced);
        api.get(somebodyElse.path(), ofSomebodyElse.accessToken()).expect(200); // proves that no notification was sent
    }

    @Test
    void passwordChangeRevokesSessionsEndedElsewhere() {
        TestSession unannounced = endedWithoutNotification(user);

        api.put(user.path(), user.token(), Map.of("password", "Another-Horse-9", "current_password", Api.PASSWORD))
                .expect(200);

        expectEnded(unannounced);
    }

    /** A token that names no session is revoked with all sessions. */
    @Test
    void endingAllSessionsRevokesATokenWithoutASession() {
        String token = TestTokens.sign(TestTokens.header(), TestTokens.claims(user.id()));

        api.delete(user.sessionsPath(), token).expect(204);

        api.get(user.path(), token).expectInvalidToken();
        api.get(user.path(), user.token()).expectInvalidToken();
    }

    @Test
    void sessionsCannotBeEndedByOthers() {
        TestUser other = api.newUser();
        UUID sid = sid(user.token());

        for (String path : List.of(user.sessionsPath(), user.sessionsPath() + "/" + sid)) {
            api.delete(path, null).expectUnauthenticated();
            api.delete(path, other.token()).expectProblem(403, "forbidden");
        }
        api.delete(other.sessionsPath() + "/" + sid, other.token()).expectProblem(404, "not-found");
        api.delete(other.sessionsPath() + "/1", other.token()).expectProblem(404, "not-found");
        api.delete("/users/" + UUID.randomUUID() + "/sessions", other.token()).expectProblem(404, "not-found");
        api.delete("/users/" + UUID.randomUUID() + "/sessions/" + sid, other.token())
                .expectProblem(404, "not-found");
        api.get(user.path(), user.token()).expect(200);
    }

    @Test
    void passwordChangeEndsAllOtherSessions() {
        TestSession changer = api.newSession(user);
        TestSession other = api.newSession(user);

        api.put(
                        user.path(),
                        changer.accessToken(),
                        Map.of("password", "Another-Horse-9", "current_password", Api.PASSWORD))
                .expect(200);

        expectEnded(other);
        api.get(user.path(), user.token()).expectInvalidToken();
        api.get(user.path(), changer.accessToken()).expect(200);
        api.refresh(changer.refreshToken()).expect(200);
    }

    @Test
    void endedSessionCannotChangeThePassword() {
        ROSTER.jdbi().useHandle(handle -> handle.execute("DELETE FROM sessions WHERE id = ?", sid(user.token())));

        api.put(user.path(), user.token(), Map.of("password", "Another-Horse-9", "current_password", Api.PASSWORD))
                .expectInvalidToken();

        api.login(user.email(), Api.PASSWORD).expect(200);
    }

    @Test
    void passwordChangeByATokenWithoutASessionEndsAllSessions() {
        String token = TestTokens.sign(TestTokens.header(), TestTokens.claims(user.id()));

        api.put(user.path(), token, Map.of("password", "Another-Horse-9", "current_password", Api.PASSWORD))
                .expect(200);

        api.get(user.path(), user.token()).expectInvalidToken();
        api.get(user.path(), token).expect(200);
    }

    @Test
    void deletingTheUserEndsAllSessions() {
        TestSession one = api.newSession(user);
        TestSession other = api.newSession(user);

        api.delete(user.path(), one.accessToken()).expect(204);

        expectEnded(one);
        expectEnded(other);
    }

    private TestSession loginWith(String userAgent) {
        return TestSession.of(api.send(api.request("/auth/login")
                        .header("Content-Type", "application/json")
                        .header("User-Agent", userAgent)
                        .POST(BodyPublishers.ofString(
                                TestTokens.json(Map.of("email", user.email(), "password", Api.PASSWORD)))))
                .expect(200));
    }

    private void expectEnded(TestSession session) {
        api.get(user.path(), session.accessToken()).expectInvalidToken();
        api.refresh(session.refreshToken()).expectInvalidToken();
    }

    private JsonNode shown(TestSession session) {
        return sessionIn(api.get(user.sessionsPath(), user.token()).expect(200), session.id());
    }

    private String lastUsed(TestSession session) {
        return shown(session).path("last_used_at").textValue();
    }

    private static JsonNode sessionIn(Reply reply, UUID id) {
        for (JsonNode session : reply.body().path("sessions")) {
            if (session.path("id").asText().equals(id.toString())) {
                return session;
            }
        }
        throw new AssertionError("Not shown: " + id);
    }

    private List<String> ids(String token) {
        return ids(token, user);
    }

    private List<String> ids(String token, TestUser owner) {
        List<String> ids = new ArrayList<>();
        sessions(token, owner).forEach(session -> ids.add(session.path("id").asText()));
        return ids;
    }

    private JsonNode sessions(String token, TestUser owner) {
        return api.get(owner.sessionsPath(), token).expect(200).body().path("sessions");
    }

    private String expired(TestSession session) {
        Map<String, Object> claims = TestTokens.claims(user.id());
        claims.put("sid", session.id().toString());
        claims.put("iat", 1_000_000_000);
        claims.put("exp", 1_000_000_900);
        return TestTokens.sign(TestTokens.header(), claims);
    }

    private static void block(TestSession session) {
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute(
                        "INSERT INTO token_blocklist (id, kind, expires_at)"
                                + " VALUES (?, 'session', now() + interval '1 hour')",
                        session.id()));
    }

    /** Ends a session in the database, as another node does, but sends no notification. */
    private TestSession endedWithoutNotification(TestUser owner) {
        TestSession session = api.newSession(owner);
        ROSTER.jdbi().useTransaction(handle -> {
            handle.execute("SET LOCAL session_replication_role = replica"); // no trigger
            handle.execute("DELETE FROM sessions WHERE id = ?", session.id());
            handle.execute(
                    "INSERT INTO token_blocklist (id, kind, user_id, expires_at)"
                            + " VALUES (?, 'session', ?, now() + interval '1 hour')",
                    session.id(),
                    owner.id());
        });
        api.get(owner.path(), session.accessToken()).expect(200);
        return session;
    }

    private static UUID sid(String accessToken) {
        return UUID.fromString(TestTokens.read(accessToken).path("sid").asText());
    }

    /** A token with the same id that names no session: its logout revokes only the token. */
    private static String withoutSid(String accessToken) {
        Map<String, Object> claims = TestTokens.claims(UUID.randomUUID());
        claims.put("jti", TestTokens.read(accessToken).path("jti").asText());
        return TestTokens.sign(TestTokens.header(), claims);
    }

    private static void age(TestSession session, String by) {
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute(
                        "UPDATE sessions SET last_used_at = last_used_at - ?::interval WHERE id = ?",
                        by,
                        session.id()));
    }
}
