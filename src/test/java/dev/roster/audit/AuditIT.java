package dev.roster.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.audit.Trail.Event;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** L5: which events are recorded. */
class AuditIT {
    private static final String USER_AGENT = "Zaphod's phone";

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    private final Api api = ROSTER.api();
    private final TestUser user = api.newUser();
    private final UUID session = sessionOf(user.token());
    private final Trail trail = new Trail(ROSTER);
    private final String requestId = UUID.randomUUID().toString();

    @AfterEach
    void verifyTrail() {
        trail.verify().expectNone();
    }

    @Test
    void registrationIsRecorded() {
        Reply reply = send("POST", "/auth/register", null, Api.newBody(Api.newEmail()))
                .expect(201);

        UUID id = UUID.fromString(reply.body().path("id").asText());
        expect(event("registered", id, id, null, null));
    }

    @Test
    void registrationWithATakenAddressIsNotRecorded() {
        send("POST", "/auth/register", null, Api.newBody(user.email())).expect(409);

        expect();
    }

    @Test
    void loginIsRecordedWithItsTime() {
        Instant before = databaseTime();
        TestSession opened = TestSession.of(send("POST", "/auth/login", null, login(user.email(), Api.PASSWORD))
                .expect(200));
        Instant after = databaseTime();

        expect(event("logged_in", user.id(), user.id(), opened.id(), null));
        Instant occurredAt = ROSTER.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT occurred_at FROM audit_events WHERE request_id = ?")
                        .bind(0, requestId)
                        .mapTo(Instant.class)
                        .one());
        assertThat(occurredAt).isBetween(before.minusMillis(250), after.plusMillis(250)); // a node measures its clock
    }

    private static Instant databaseTime() {
        return ROSTER.jdbi().withHandle(handle -> handle.createQuery("SELECT clock_timestamp()")
                .mapTo(Instant.class)
                .one());
    }

    @Test
    void loginWithAWrongPasswordIsRecorded() {
        send("POST", "/auth/login", null, login(user.email(), "wrong")).expect(401);

        expect(event("login_refused", null, user.id(), null, null));
    }

    @Test
    void loginWithAnUnknownAddressIsRecorded() {
        send("POST", "/auth/login", null, login(Api.newEmail(), Api.PASSWORD)).expect(401);

        expect(event("login_refused", null, null, null, null));
    }

    @Test
    void loginWithAMalformedAddressIsRecorded() {
        send("POST", "/auth/login", null, login("nobody", Api.PASSWORD)).expect(401);

        expect(event("login_refused", null, null, null, null));
    }

    @Test
    void changedDetailsAreRecordedByNameWithoutValues() {
        String email = Api.newEmail();
        send("PUT", user.path(), user.token(), Map.of("name", "Trillian", "role", "admin", "email", email))
                .expect(200);

        expect(event("details_changed", user.id(), user.id(), session, "name,email,role"));
    }

    @Test
    void refusedChangeIsNotRecorded() {
        send("PUT", user.path(), user.token(), Map.of("email", api.newUser().email()))
                .expect(409);

        expect();
    }

    @Test
    void passwordChangeIsRecordedWithTheSessionsItEnds() {
        UUID other = api.newSession(user).id();

        send("PUT", user.path(), user.token(), password(Api.PASSWORD)).expect(200);

        expect(
                event("password_changed", user.id(), user.id(), session, null),
                event("session_ended", user.id(), user.id(), other, "password_changed"));
    }

    @Test
    void passwordAndDetailsChangedTogetherAreTwoEvents() {
        send(
                        "PUT",
                        user.path(),
                        user.token(),
                        Map.of("name", "Trillian", "password", "Another-Horse-9", "current_password", Api.PASSWORD))
                .expect(200);

        expect(
                event("details_changed", user.id(), user.id(), session, "name"),
                event("password_changed", user.id(), user.id(), session, null));
    }

    @Test
    void wrongCurrentPasswordIsRecorded() {
        send("PUT", user.path(), user.token(), password("wrong")).expect(403);

        expect(event("password_refused", user.id(), user.id(), session, null));
    }

    @Test
    void repeatedLogoutIsRecordedOnce() {
        send("POST", "/auth/logout", user.token(), null).expect(204);
        send("POST", "/auth/logout", user.token(), null).expect(204);

        expect(event("logged_out", user.id(), user.id(), session, null));
    }

    /** For example with another token of that session, or on a node that has not heard of the end. */
    @Test
    void logoutOfAnEndedSessionIsNotRecorded() {
        ROSTER.jdbi().useHandle(handle -> handle.execute("DELETE FROM sessions WHERE id = ?", session));

        send("POST", "/auth/logout", user.token(), null).expect(204);

        expect();
    }

    @Test
    void logoutWithATokenWithoutSessionIsRecorded() {
        String token = TestTokens.sign(TestTokens.header(), TestTokens.claims(user.id()));

        send("POST", "/auth/logout", token, null).expect(204);

        expect(event("logged_out", user.id(), user.id(), null, null));
    }

    @Test
    void endedSessionIsRecordedOnce() {
        UUID other = api.newSession(user).id();

        send("DELETE", user.sessionsPath() + "/" + other, user.token(), null).expect(204);
        send("DELETE", user.sessionsPath() + "/" + other, user.token(), null).expect(404);

        expect(event("session_ended", user.id(), user.id(), other, null));
    }

    @Test
    void endingAllSessionsRecordsEachOfThem() {
        UUID other = api.newSession(user).id();

        send("DELETE", user.sessionsPath(), user.token(), null).expect(204);

        expect(
                event("session_ended", user.id(), user.id(), session, null),
                event("session_ended", user.id(), user.id(), other, null));
    }

    @Test
    void reusedRefreshTokenIsRecordedWithTheEndOfItsSession() {
        TestSession stolen = api.newSession(user);
        api.refreshed(stolen.refreshToken());
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute(
                        "UPDATE spent_refresh_tokens SET spent_at = now() - interval '1 hour' WHERE session_id = ?",
                        stolen.id()));

        send("POST", "/auth/refresh", null, Map.of("refresh_token", stolen.refreshToken()))
                .expect(401);

        expect(
                event("refresh_token_reused", null, user.id(), stolen.id(), null),
                event("session_ended", null, user.id(), stolen.id(), "refresh_token_reused"));
    }

    @Test
    void refreshIsNotRecorded() {
        send(
                        "POST",
                        "/auth/refresh",
                        null,
                        Map.of("refresh_token", api.newSession(user).refreshToken()))
                .expect(200);

        expect();
    }

    @Test
    void deletionIsRecordedWithoutTheUserAgent() {
        send("DELETE", user.path(), user.token(), null).expect(204);

        assertThat(trail.of(requestId))
                .containsExactly(new Event("deleted", user.id(), user.id(), session, null, "127.0.0.1", null));
    }

    @Test
    void refusedDeletionOfAnotherUserIsNotRecorded() {
        send("DELETE", api.newUser().path(), user.token(), null).expect(403);

        expect();
    }

    private static Event event(
            String type,
            @Nullable UUID actor,
            @Nullable UUID target,
            @Nullable UUID session,
            @Nullable String details) {
        return new Event(type, actor, target, session, details, "127.0.0.1", USER_AGENT);
    }

    private void expect(Event... events) {
        assertThat(trail.of(requestId)).containsExactlyInAnyOrder(events);
    }

    private Reply send(String method, String path, @Nullable String token, @Nullable Map<String, ?> body) {
        return api.send(api.request(path, token)
                .header("X-Request-Id", requestId)
                .header("User-Agent", USER_AGENT)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(TestTokens.json(body))));
    }

    private static Map<String, String> login(String email, String password) {
        return Map.of("email", email, "password", password);
    }

    private static Map<String, String> password(String current) {
        return Map.of("password", "Another-Horse-9", "current_password", current);
    }

    private static UUID sessionOf(String token) {
        return UUID.fromString(TestTokens.read(token).path("sid").asText());
    }
}
