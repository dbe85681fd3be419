package dev.roster.command.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.command.reset.ResetRequests;
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
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With {@code EMAIL_VERIFICATION=optional}, a user proves the address with the token of a mail. */
class ProveAddressIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .with("MAIL", "mailbox")
            .with("MAIL_LINKS", "https://app.example.com")
            .with("EMAIL_VERIFICATION", "optional")
            .with("MAILS_PER_ADDRESS", "10")
            .with("MAILS_PER_CLIENT", "0");

    private final Api api = ROSTER.api();
    private final VerificationRequests verification = new VerificationRequests(api);
    private final SentMails mails = new SentMails(ROSTER);
    private final TestUser user = api.newUser();

    private String newToken() {
        verification.request(user.email()).expect(202);
        return mails.token(user.id());
    }

    private void requireRefused(String token) {
        Reply reply = verification.confirm(token).expectInvalid("token");
        assertThat(reply.errors())
                .containsEntry("token", "must be a token that still works: not used, replaced or expired");
    }

    private boolean isProven() {
        return is("email_verified_at IS NOT NULL");
    }

    private boolean is(String condition) {
        return ROSTER.jdbi().withHandle(handle -> handle.createQuery("SELECT " + condition + " FROM users WHERE id = ?")
                .bind(0, user.id())
                .mapTo(Boolean.class)
                .one());
    }

    private void set(String table, String assignments) {
        String id = table.equals("users") ? "id" : "user_id";
        ROSTER.jdbi()
                .useHandle(handle ->
                        handle.execute("UPDATE " + table + " SET " + assignments + " WHERE " + id + " = ?", user.id()));
    }

    @Test
    void registrationSendsALinkAndTheProofEndsEarlierSessions() {
        TestSession session = api.newSession(user);
        assertThat(mails.to(user.id())).containsExactly("verification " + user.email());
        assertThat(isProven()).isFalse();

        Reply reply = verification.confirm(mails.token(user.id())).expect(204);

        assertThat(reply.text()).isEmpty();
        assertThat(isProven()).isTrue();
        api.get("/users/me", user.token()).expectInvalidToken();
        api.get("/users/me", session.accessToken()).expectInvalidToken();
        api.refresh(session.refreshToken()).expectInvalidToken();
        api.login(user.email(), Api.PASSWORD).expect(200);
        assertThat(mails.to(user.id())).hasSize(1);
    }

    @Test
    void proofByTheLoggedInUserEndsNothing() {
        TestSession session = api.newSession(user);
        set("users", "pending_email = 'next@example.com'");

        verification.confirmAs(user.token(), mails.token(user.id())).expect(204);

        assertThat(isProven()).isTrue();
        assertThat(is("pending_email IS NOT NULL")).isTrue();
        api.get("/users/me", user.token()).expect(200);
        api.refreshed(session.refreshToken());
    }

    @Test
    void proofByAnotherUserEndsTheSessionsOfTheFirst() {
        TestUser other = api.newUser();

        verification.confirmAs(other.token(), mails.token(user.id())).expect(204);

        api.get("/users/me", user.token()).expectInvalidToken();
        api.get("/users/me", other.token()).expect(200);
    }

    @Test
    void badAccessTokenIsRefusedAndLeavesTheTokenAsItWas() {
        String token = mails.token(user.id());
        api.logout(user.token()).expect(204);

        verification.confirmAs(user.token(), token).expectInvalidToken();
        verification.confirmAs("x", token).expectInvalidToken();

        assertThat(isProven()).isFalse();
        verification.confirm(token).expect(204);
    }

    @Test
    void proofEndsThePendingChangeAndItsLink() {
        set("users", "pending_email = 'next@example.com'");
        ROSTER.jdbi().useHandle(handle -> handle.execute("""
                INSERT INTO mail_tokens (id, purpose, user_id, address, expires_at)
                VALUES (gen_random_uuid(), 'change', ?, 'next@example.com', now() + interval '1 hour')
                """, user.id()));

        verification.confirm(mails.token(user.id())).expect(204);

        assertThat(is("pending_email IS NULL")).isTrue();
        assertThat(is("NOT EXISTS (SELECT FROM mail_tokens WHERE user_id = users.id AND used_at IS NULL)"))
                .isTrue();
    }

    @Test
    void passwordIsIgnored() {
        verification.confirm(mails.token(user.id()), "wrong").expect(204);
    }

    @Test
    void proofChangesTheVersion() {
        String before =
                String.valueOf(api.get(user.path(), user.token()).expect(200).header("ETag"));

        verification.confirmAs(user.token(), mails.token(user.id())).expect(204);

        assertThat(api.get(user.path(), user.token()).expect(200).header("ETag"))
                .isNotEqualTo(before);
    }

    @Test
    void provenAddressGetsNoLink() {
        verification.confirm(mails.token(user.id())).expect(204);

        verification.request(user.email()).expect(202);

        assertThat(mails.to(user.id())).hasSize(1);
    }

    @Test
    void linkGoesToTheAddressAsTheUserSpellsIt() {
        verification.request(user.email().toUpperCase(Locale.ROOT)).expect(202);

        assertThat(mails.to(user.id())).containsExactly("verification " + user.email(), "verification " + user.email());
        verification.confirm(mails.token(user.id())).expect(204);
    }

    @Test
    void tokenWorksOnce() {
        String token = newToken();
        verification.confirm(token).expect(204);

        requireRefused(token);
    }

    @Test
    void newerTokenReplacesTheOlderOne() {
        String older = mails.token(user.id());
        String newer = newToken();

        requireRefused(older);
        verification.confirm(newer).expect(204);
    }

    @Test
    void expiredTokenIsRefused() {
        String token = newToken();
        set("mail_tokens", "created_at = now() - interval '1 hour', expires_at = now()");

        requireRefused(token);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reset", "change", "revert"})
    void tokenOfAnotherPurposeIsRefused(String purpose) {
        String token = newToken();
        UUID id = id(token);
        set("users", "pending_email = email");
        requireRefused(mails.text(id, purpose, user.email()));

        ROSTER.jdbi()
                .useHandle(handle -> handle.execute("UPDATE mail_tokens SET purpose = ? WHERE id = ?", purpose, id));

        requireRefused(token);
        requireRefused(mails.text(id, purpose, user.email()));
    }

    @Test
    void tokenOfAProofSetsNoPassword() {
        new ResetRequests(api).confirm(newToken()).expectInvalid("token");

        api.login(user.email(), Api.PASSWORD).expect(200);
    }

    @Test
    void tokenMadeForAnotherAddressIsRefused() {
        TestUser other = api.newUser();
        String token = newToken();

        requireRefused(mails.text(id(token), "verify", other.email()));
        verification.confirm(token).expect(204);
        api.get("/users/me", other.token()).expect(200);
    }

    private static UUID id(String token) {
        String hex = HexFormat.of().formatHex(Base64.getUrlDecoder().decode(token), 0, 16);
        return UUID.fromString(hex.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5"));
    }

    @Test
    void tokenSentToAnEarlierAddressIsRefused() {
        String token = newToken();
        set("users", "email = '" + Api.newEmail() + "'");

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

        verification.confirm(token).expect(204);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "x", "\0", "\ud83d\ude00", "=", "AAAA"})
    void textThatIsNoTokenIsRefused(String text) {
        requireRefused(text);
        requireRefused(newToken() + (text.isEmpty() ? "A" : text));
    }

    @Test
    void onlyPostReadsAToken() {
        String token = newToken();
        for (String path : List.of("/api/v1/auth/verification", "/api/v1/auth/verification/confirm")) {
            for (String method : List.of("GET", "HEAD", "PUT", "DELETE")) {
                Reply reply = api.raw(method, path + "?token=" + token).expect(405);
                assertThat(reply.header("Allow")).contains("POST").doesNotContain("GET");
            }
        }

        verification.confirm(token).expect(204);
    }

    /** B2 */
    @Test
    void ofSimultaneousRequestsWithOneTokenOneSucceeds() throws Exception {
        String token = newToken();

        List<Reply> replies = Concurrently.run(16, i -> verification.confirm(token));

        assertThat(replies).extracting(Reply::status).containsOnlyOnce(204).contains(422);
        assertThat(replies.stream().filter(reply -> reply.status() != 204))
                .allSatisfy(reply -> reply.expectInvalid("token"));
        assertThat(events()).containsOnlyOnce("email_verified by-user");
    }

    @Test
    void proofIsRecorded() {
        verification.confirm(newToken()).expect(204);

        assertThat(events())
                .containsExactly(
                        "registered by-user",
                        "logged_in by-user",
                        "verification_requested",
                        "email_verified by-user",
                        "session_ended by-user email_verified");
    }

    private List<String> events() {
        return ROSTER.jdbi().withHandle(handle -> handle.createQuery("""
                        SELECT concat_ws(' ', type, CASE WHEN actor_id = target_id THEN 'by-user' END, details)
                          FROM audit_events
                         WHERE target_id = :id
                         ORDER BY occurred_at, id
                        """)
                .bind("id", user.id())
                .mapTo(String.class)
                .list());
    }

    @Test
    void takenAddressIsStillRefused() {
        api.register(Api.newBody(user.email())).expectProblem(409, "email-taken");

        assertThat(mails.to(user.id())).hasSize(1);
    }

    @Test
    void bodyThatIsNotValidIsRefused() {
        api.post("/auth/verification/confirm", "{}").expectInvalid("token");
        api.post("/auth/verification/confirm", "{\"token\": 1, \"password\": 2, \"x\": 1}")
                .expectInvalid("token", "password", "x");
        api.post("/auth/verification", Map.of("email", "nobody")).expectInvalid("email");
        api.post("/auth/verification", "{}").expectInvalid("email");
    }
}
