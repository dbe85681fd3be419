package dev.roster.command.reset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.mail.SentMails;
import dev.roster.support.Concurrently;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A user sets a new password with the token of a mail. */
class ResetPasswordIT {
    private static final String NEW_PASSWORD = ResetRequests.NEW_PASSWORD;

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .with("MAIL", "mailbox")
            .with("MAIL_LINKS", "https://app.example.com")
            .with("LOGIN_FAILURES", "3")
            .with("LOGIN_FAILURES_ANYWHERE", "3");

    private final Api api = ROSTER.api();
    private final ResetRequests reset = new ResetRequests(api);
    private final SentMails mails = new SentMails(ROSTER);
    private final TestUser user = api.newUser();

    private String newToken() {
        reset.request(user.email()).expect(202);
        return mails.token(user.id());
    }

    private void requireRefused(String token) {
        Reply reply = reset.confirm(token).expectInvalid("token");
        assertThat(reply.errors())
                .containsEntry("token", "must be a token that still works: not used, replaced or expired");
    }

    @Test
    void passwordIsResetAndAllSessionsEnd() {
        TestSession session = api.newSession(user);

        Reply reply = reset.confirm(newToken()).expect(204);

        assertThat(reply.text()).isEmpty();
        api.login(user.email(), Api.PASSWORD).expectProblem(401, "invalid-credentials");
        api.get("/users/me", user.token()).expectInvalidToken();
        api.get("/users/me", session.accessToken()).expectInvalidToken();
        api.refresh(session.refreshToken()).expectInvalidToken();
        api.login(user.email(), NEW_PASSWORD).expect(200);
        assertThat(mails.to(user.id()))
                .containsExactly("password_reset " + user.email(), "password_changed " + user.email());
    }

    @Test
    void resetProvesTheAddressUntilItChanges() {
        assertThat(isProven()).isFalse();

        reset.confirm(newToken()).expect(204);

        assertThat(isProven()).isTrue();
        String token = api.login(user.email(), NEW_PASSWORD)
                .expect(200)
                .body()
                .path("access_token")
                .asText();
        api.put("/users/me", token, "{\"email\": \"" + user.email().replace("person", "PERSON") + "\"}")
                .expect(200);
        assertThat(isProven()).isTrue();
        api.put("/users/me", token, "{\"email\": \"" + Api.newEmail() + "\"}").expect(200);
        assertThat(isProven()).isFalse();
    }

    private boolean isProven() {
        return ROSTER.jdbi().withHandle(handle -> handle.createQuery(
                        "SELECT email_verified_at IS NOT NULL FROM users WHERE id = :id")
                .bind("id", user.id())
                .mapTo(Boolean.class)
                .one());
    }

    @Test
    void tokenWorksOnce() {
        String token = newToken();
        reset.confirm(token).expect(204);

        requireRefused(token);
    }

    @Test
    void newerTokenReplacesTheOlderOne() {
        String older = newToken();
        String newer = newToken();

        requireRefused(older);
        reset.confirm(newer).expect(204);
    }

    @Test
    void expiredTokenIsRefused() {
        String token = newToken();
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute(
                        "UPDATE mail_tokens SET created_at = now() - interval '1 hour', expires_at = now()"
                                + " WHERE user_id = ?",
                        user.id()));

        requireRefused(token);
    }

    @Test
    void tokenOfAnotherPurposeIsRefused() {
        String token = newToken();
        UUID id = ROSTER.jdbi().withHandle(handle -> handle.createQuery(
                        "UPDATE mail_tokens SET purpose = 'verify' WHERE user_id = :id RETURNING id")
                .bind("id", user.id())
                .mapTo(UUID.class)
                .one());

        requireRefused(token);
        requireRefused(mails.text(id, "verify", user.email()));
    }

    @Test
    void tokenMadeForAnotherAddressIsRefused() {
        TestUser other = api.newUser();
        String token = newToken();

        requireRefused(mails.text(id(token), "reset", other.email()));
        reset.confirm(token).expect(204);
        api.login(other.email(), Api.PASSWORD).expect(200);
    }

    private static UUID id(String token) {
        String hex = HexFormat.of().formatHex(Base64.getUrlDecoder().decode(token), 0, 16);
        return UUID.fromString(hex.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5"));
    }

    @Test
    void tokenSentToAnEarlierAddressIsRefused() {
        String token = newToken();
        api.put("/users/me", user.token(), "{\"email\": \"" + Api.newEmail() + "\"}")
                .expect(200);

        requireRefused(token);
    }

    @Test
    void tokenOfADeletedUserIsRefused() {
        String token = newToken();
        api.delete(user.path(), user.token()).expect(204);

        requireRefused(token);
    }

    @Test
    void tokenWithAnyCharacterChangedIsRefused() {
        String token = newToken();
        for (int i = 0; i < token.length(); i++) {
            String other = token.charAt(i) == 'A' ? "B" : "A";
            requireRefused(token.substring(0, i) + other + token.substring(i + 1));
        }

        reset.confirm(token).expect(204);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "x", "\0", "\ud83d\ude00", "=", "AAAA"})
    void textThatIsNoTokenIsRefused(String text) {
        requireRefused(text);
        requireRefused(newToken() + (text.isEmpty() ? "A" : text));
    }

    /** Roster checks the password before it uses the token. */
    @Test
    void refusedPasswordLeavesTheTokenAsItWas() {
        String token = newToken();

        reset.confirm(token, "short").expectInvalid("password");
        reset.confirm(token, "password1234").expectInvalid("password");
        reset.confirm(token, user.email().toUpperCase(Locale.ROOT)).expectInvalid("password");

        reset.confirm(token).expect(204);
    }

    @Test
    void onlyPostReadsAToken() {
        String token = newToken();
        for (String path : List.of("/api/v1/auth/password-reset", "/api/v1/auth/password-reset/confirm")) {
            for (String method : List.of("GET", "HEAD", "PUT", "DELETE")) {
                Reply reply = api.raw(method, path + "?token=" + token).expect(405);
                assertThat(reply.header("Allow")).contains("POST").doesNotContain("GET");
            }
        }

        reset.confirm(token).expect(204);
    }

    /** B2 */
    @Test
    void ofSimultaneousRequestsWithOneTokenOneSucceeds() throws Exception {
        String token = newToken();

        List<Reply> replies = Concurrently.run(16, i -> reset.confirm(token, NEW_PASSWORD + i));

        assertThat(replies).extracting(Reply::status).containsOnlyOnce(204).contains(422);
        assertThat(replies.stream().filter(reply -> reply.status() != 204))
                .allSatisfy(reply -> reply.expectInvalid("token"));
        int winner = replies.indexOf(replies.stream()
                .filter(reply -> reply.status() == 204)
                .findAny()
                .orElseThrow());
        api.login(user.email(), NEW_PASSWORD + winner).expect(200);
        assertThat(mails.to(user.id()))
                .containsExactly("password_reset " + user.email(), "password_changed " + user.email());
        assertThat(events("password_reset")).isEqualTo(1);
    }

    private int events(String type) {
        return ROSTER.jdbi().withHandle(handle -> handle.createQuery(
                        "SELECT count(*) FROM audit_events WHERE target_id = :id AND type = :type")
                .bind("id", user.id())
                .bind("type", type)
                .mapTo(Integer.class)
                .one());
    }

    @Test
    void disabledAccountStaysDisabled() {
        set("disabled_at = now(), disabled_reason = 'a test'");

        reset.confirm(newToken()).expect(204);

        api.login(user.email(), NEW_PASSWORD).expectProblem(403, "account-disabled");
        api.login(user.email(), Api.PASSWORD).expectProblem(401, "invalid-credentials");
    }

    @Test
    void requiredResetIsCompleted() {
        set("password_reset_required_at = now()");
        api.login(user.email(), Api.PASSWORD).expectProblem(403, "password-reset-required");

        reset.confirm(newToken()).expect(204);

        api.login(user.email(), NEW_PASSWORD).expect(200);
    }

    /** B3: people who have forgotten their password have entered wrong ones. */
    @Test
    void resetForgetsWrongGuesses() {
        for (int i = 0; i < 3; i++) {
            api.login(user.email(), "wrong").expect(401);
        }
        api.login(user.email(), Api.PASSWORD).expectProblem(429, "too-many-requests");

        reset.confirm(newToken()).expect(204);

        api.login(user.email(), NEW_PASSWORD).expect(200);
    }

    @Test
    void personWithoutAPasswordGetsTheFirstOne() {
        set("password_hash = NULL");

        reset.confirm(newToken()).expect(204);

        api.login(user.email(), NEW_PASSWORD).expect(200);
    }

    private void set(String assignments) {
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute("UPDATE users SET " + assignments + " WHERE id = ?", user.id()));
    }

    @Test
    void resetIsRecorded() {
        reset.confirm(newToken()).expect(204);

        List<String> events = ROSTER.jdbi().withHandle(handle -> handle.createQuery("""
                        SELECT concat_ws(' ', type, CASE WHEN actor_id = target_id THEN 'by-user' END, details)
                          FROM audit_events
                         WHERE target_id = :id
                         ORDER BY occurred_at, id
                        """)
                .bind("id", user.id())
                .mapTo(String.class)
                .list());
        assertThat(events)
                .containsExactly(
                        "registered by-user",
                        "logged_in by-user",
                        "password_reset_requested",
                        "password_reset by-user",
                        "session_ended by-user password_reset");
    }

    @Test
    void bodyThatIsNotValidIsRefused() {
        api.post("/auth/password-reset/confirm", "{}").expectInvalid("token", "password");
        api.post("/auth/password-reset/confirm", "{\"token\": 1, \"password\": null, \"x\": 1}")
                .expectInvalid("token", "password", "x");
        api.post("/auth/password-reset", "{\"email\": \"nobody\"}").expectInvalid("email");
        api.post("/auth/password-reset", "{}").expectInvalid("email");
    }
}
