package dev.roster.command.emailchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.command.reset.ResetRequests;
import dev.roster.mail.SentMails;
import dev.roster.support.Concurrently;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** With {@code EMAIL_VERIFICATION=optional}, an account gets a new address once somebody opens the link sent there. */
class ConfirmEmailChangeIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .with("MAIL", "mailbox")
            .with("MAIL_LINKS", "https://app.example.com")
            .with("EMAIL_VERIFICATION", "optional")
            .with("MAILS_PER_ADDRESS", "30")
            .with("MAILS_PER_CLIENT", "0");

    private final Api api = ROSTER.api();
    private final EmailChangeRequests requests = new EmailChangeRequests(api);
    private final ResetRequests reset = new ResetRequests(api);
    private final SentMails mails = new SentMails(ROSTER);
    private final TestUser user = api.newUser();
    private final String email = Api.newEmail();

    private String newToken() {
        requests.change(user, email).expect(200);
        return changeToken(email);
    }

    private String changeToken(String address) {
        return mails.tokens("email_change", address).get(0);
    }

    private void requireRefused(String token) {
        assertThat(requests.confirm(token).expectInvalid("token").errors())
                .containsEntry("token", "must be a token that still works: not used, replaced or expired");
    }

    private JsonNode read() {
        return api.get("/users/me", user.token()).expect(200).body();
    }

    private void set(String table, String assignments) {
        String id = table.equals("users") ? "id" : "user_id";
        ROSTER.jdbi()
                .useHandle(handle ->
                        handle.execute("UPDATE " + table + " SET " + assignments + " WHERE " + id + " = ?", user.id()));
    }

    /** The trap of supabase/auth#1820: the address changed too early. */
    @Test
    void addressChangesWithTheConfirmationAndNotBefore() {
        Reply requested = requests.change(user, email).expect(200);

        assertThat(requested.body().path("email").asText()).isEqualTo(user.email());
        assertThat(requested.body().path("pending_email").asText()).isEqualTo(email);
        assertThat(read()).isEqualTo(requested.body());
        assertThat(mails.kindsTo(email)).containsExactly("email_change");
        assertThat(mails.kindsTo(user.email())).containsExactly("verification", "email_change_notice");
        api.login(email, Api.PASSWORD).expect(401);

        Reply confirmed = requests.confirm(changeToken(email)).expect(200);

        assertThat(confirmed.body().path("email").asText()).isEqualTo(email);
        assertThat(confirmed.body().path("email_verified").asBoolean()).isTrue();
        assertThat(confirmed.body().has("pending_email")).isFalse();
        assertThat(confirmed.header("ETag")).isNotNull().isNotEqualTo(requested.header("ETag"));
        assertThat(read()).isEqualTo(confirmed.body()); // the session goes on
        api.login(email, Api.PASSWORD).expect(200);
        api.login(user.email(), Api.PASSWORD).expect(401);
        assertThat(events())
                .containsExactly(
                        "registered by-user",
                        "logged_in by-user",
                        "email_change_requested by-user in-session",
                        "email_changed by-user",
                        "logged_in by-user");
    }

    private List<String> events() {
        return ROSTER.jdbi().withHandle(handle -> handle.createQuery("""
                        SELECT concat_ws(' ', type, CASE WHEN actor_id = target_id THEN 'by-user' END,
                                         CASE WHEN session_id IS NOT NULL AND type LIKE 'email%' THEN 'in-session' END,
                                         details)
                          FROM audit_events
                         WHERE target_id = :id
                         ORDER BY occurred_at, id
                        """)
                .bind("id", user.id())
                .mapTo(String.class)
                .list());
    }

    /** The trap of supabase/auth#1289: a typo blocked the next change. */
    @Test
    void nextRequestReplacesTheOneWithATypo() {
        String typo = newToken();
        String right = Api.newEmail();

        assertThat(requests.change(user, right)
                        .expect(200)
                        .body()
                        .path("pending_email")
                        .asText())
                .isEqualTo(right);

        requireRefused(typo);
        requests.confirm(changeToken(right)).expect(200);
        assertThat(read().path("email").asText()).isEqualTo(right);
        requireRefused(typo);
    }

    @Test
    void requestForThePresentAddressCancelsThePendingOne() {
        String token = newToken();

        Reply cancelled = requests.changeWithoutPassword(user, user.email()).expect(200);

        assertThat(cancelled.body().has("pending_email")).isFalse();
        assertThat(read()).isEqualTo(cancelled.body());
        requireRefused(token);
        requests.change(user, email).expect(200);
        requireRefused(token);
        requests.confirm(changeToken(email)).expect(200);
    }

    @Test
    void tokenWorksOnce() {
        String token = newToken();
        requests.confirm(token).expect(200);

        requireRefused(token);
        requests.change(user, Api.newEmail()).expect(200);
        requireRefused(token);
    }

    @Test
    void newerTokenForTheSameAddressReplacesTheOlderOne() {
        String older = newToken();
        String newer = newToken();

        requireRefused(older);
        requests.confirm(newer).expect(200);
    }

    @Test
    void expiredTokenIsRefused() {
        String token = newToken();
        set("mail_tokens", "created_at = now() - interval '2 days', expires_at = now()");

        requireRefused(token);
        assertThat(read().path("email").asText()).isEqualTo(user.email());
    }

    /** Each route takes the tokens of its purpose only. */
    @Test
    void tokensOfOtherPurposesAreRefused() {
        String change = newToken();
        String revert = mails.tokens("email_change_notice", user.email()).get(0);
        String verification = mails.tokens("verification", user.email()).get(0);
        reset.request(user.email()).expect(202);
        String password = mails.tokens("password_reset", user.email()).get(0);

        for (String token : List.of(revert, verification, password)) {
            requireRefused(token);
        }
        for (String token : List.of(change, verification, password)) {
            requests.revert(token).expectInvalid("token");
        }
        for (String token : List.of(change, revert)) {
            reset.confirm(token).expectInvalid("token");
            api.post("/auth/verification/confirm", Map.of("token", token)).expectInvalid("token");
        }
        requests.confirm(change).expect(200);
    }

    @Test
    void tokenOfAnotherUserOrAddressIsRefused() {
        TestUser other = api.newUser();
        String token = newToken();
        requests.change(other, Api.newEmail()).expect(200);
        set("users", "pending_email = 'x" + email + "'");

        requireRefused(token); // made for another address than the pending one
        requireRefused(token.substring(0, 22) + changeToken(otherPending(other)).substring(22));
        assertThat(read().path("email").asText()).isEqualTo(user.email());
    }

    private String otherPending(TestUser other) {
        return api.get("/users/me", other.token())
                .expect(200)
                .body()
                .path("pending_email")
                .asText();
    }

    @Test
    void tokenWithAnyCharacterChangedIsRefused() {
        String token = newToken();
        for (int i = 0; i < token.length(); i++) {
            String other = token.charAt(i) == 'A' ? "B" : "A";
            requireRefused(token.substring(0, i) + other + token.substring(i + 1));
        }
        for (String text : List.of("", " ", "x", "\0", "=", "AAAA", token + "A")) {
            requireRefused(text);
        }

        requests.confirm(token).expect(200);
    }

    @Test
    void newPasswordEndsThePendingChange() {
        String token = newToken();

        Reply changed = api.put(
                        "/users/me",
                        user.token(),
                        Map.of("password", ResetRequests.NEW_PASSWORD, "current_password", Api.PASSWORD))
                .expect(200);

        assertThat(changed.body().has("pending_email")).isFalse();
        requireRefused(token);
    }

    /** The reset proves the present address, and whoever asked for another one may be a thief. */
    @Test
    void passwordResetEndsThePendingChange() {
        String token = newToken();
        reset.request(user.email()).expect(202);

        reset.confirm(mails.tokens("password_reset", user.email()).get(0)).expect(204);

        requireRefused(token);
        assertThat(api.login(user.email(), ResetRequests.NEW_PASSWORD)
                        .expect(200)
                        .body()
                        .path("user")
                        .has("pending_email"))
                .isFalse();
    }

    @Test
    void confirmationEndsLinksToTheAddressOfBeforeExceptTheOneThatReverts() {
        reset.request(user.email()).expect(202);
        String password = mails.tokens("password_reset", user.email()).get(0);
        String verification = mails.tokens("verification", user.email()).get(0);
        requests.confirm(newToken()).expect(200);

        reset.confirm(password).expectInvalid("token");
        api.post("/auth/verification/confirm", Map.of("token", verification)).expectInvalid("token");
        requests.revert(mails.tokens("email_change_notice", user.email()).get(0))
                .expect(204);
    }

    @Test
    void addressThatAnotherUserHasByNowIsRefused() {
        String token = newToken();
        api.register(Api.newBody(email.toUpperCase(Locale.ROOT))).expect(201);

        requests.confirm(token).expectProblem(409, "email-taken");
        assertThat(read().path("pending_email").asText()).isEqualTo(email);

        api.delete("/users/me", api.newToken(email)).expect(204);
        requests.confirm(token).expect(200); // the refusal has not used the token
    }

    @Test
    void tokenOfADeletedUserIsRefused() {
        String token = newToken();
        api.delete(user.path(), user.token()).expect(204);

        requireRefused(token);
    }

    @Test
    void onlyPostReadsAToken() {
        String token = newToken();
        for (int i = 0; i < 100; i++) {
            for (String path : List.of("/api/v1/auth/email-change/confirm", "/api/v1/auth/email-change/revert")) {
                for (String method : List.of("GET", "HEAD")) {
                    Reply reply = api.raw(method, path + "?token=" + token).expect(405);
                    assertThat(reply.header("Allow")).contains("POST").doesNotContain("GET");
                }
            }
        }

        requests.confirm(token).expect(200);
    }

    /** B2 */
    @Test
    void ofSimultaneousConfirmationsOneSucceeds() throws Exception {
        String token = newToken();

        List<Reply> replies = Concurrently.run(16, i -> requests.confirm(token));

        assertThat(replies).extracting(Reply::status).containsOnlyOnce(200).contains(422);
        assertThat(replies.stream().filter(reply -> reply.status() != 200))
                .hasSize(15)
                .allSatisfy(reply -> reply.expectInvalid("token"));
        assertThat(events()).containsOnlyOnce("email_changed by-user");
    }

    /** Both lock both users, in the order of their ids. */
    @Test
    void usersWhoTakeEachOthersAddressDoNotDeadlock() throws Exception {
        for (int round = 0; round < 10; round++) {
            List<TestUser> pair = List.of(api.newUser(), api.newUser());
            List<String> free = List.of(Api.newEmail(), Api.newEmail());
            for (int i = 0; i < 2; i++) {
                requests.change(pair.get(i), free.get(i)).expect(200);
            }
            List<String> tokens = free.stream().map(this::changeToken).toList();
            ROSTER.jdbi()
                    .useHandle(
                            handle -> { // now each has what the other wants
                                for (int i = 0; i < 2; i++) {
                                    handle.execute(
                                            "UPDATE users SET email = ? WHERE id = ?",
                                            free.get(1 - i),
                                            pair.get(i).id());
                                }
                            });

            List<Reply> replies = Concurrently.run(
                    4,
                    i -> i < 2 ? requests.confirm(tokens.get(i)) : requests.change(pair.get(i - 2), free.get(i - 2)));

            assertThat(replies).extracting(Reply::status).containsOnly(409);
        }
    }

    /** The victim is asked, and nothing happens unless the victim agrees (better-auth/better-auth#11023). */
    @Test
    void requestForAStrangersAddressReservesNothing() {
        String victim = Api.newEmail();
        requests.change(user, victim).expect(200);

        assertThat(mails.kindsTo(victim)).containsExactly("email_change");
        TestUser registered = register(victim); // the request reserves nothing
        requests.confirm(changeToken(victim)).expectProblem(409, "email-taken");
        assertThat(api.get("/users/me", registered.token())
                        .expect(200)
                        .body()
                        .path("email")
                        .asText())
                .isEqualTo(victim);
        assertThat(read().path("email").asText()).isEqualTo(user.email());
    }

    private TestUser register(String address) {
        JsonNode body = api.register(Api.newBody(address)).expect(201).body();
        return new TestUser(UUID.fromString(body.path("id").asText()), address, api.newToken(address));
    }

    @Test
    void bodyThatIsNotValidIsRefused() {
        for (String path : List.of("/auth/email-change/confirm", "/auth/email-change/revert")) {
            api.post(path, "{}").expectInvalid("token");
            api.post(path, "{\"token\": null}").expectInvalid("token");
            api.post(path, "{\"token\": 1}").expectInvalid("token");
            api.post(path, "{\"token\": \"x\", \"email\": \"a@example.com\"}").expectInvalid("email");
            api.post(path, "[]").expectInvalid("body");
            api.post(path, "{").expectProblem(400, "malformed");
            api.post(path, "{\"token\": \"" + "A".repeat(17_000) + "\"}").expectProblem(413, "too-large");
            api.send(api.request(path).POST(BodyPublishers.ofString("token=x")))
                    .expectProblem(415, "unsupported-media-type");
        }
    }
}
