package dev.roster.command.emailchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roster.apikey.Scope;
import dev.roster.command.reset.ResetRequests;
import dev.roster.mail.SentMails;
import dev.roster.support.Concurrently;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.AdminApi;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A PUT with another address, with {@code EMAIL_VERIFICATION=optional}: nothing changes before the proof. */
class RequestEmailChangeIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();

    @RegisterExtension
    static final RosterExtension ROSTER = service();

    @RegisterExtension
    static final RosterExtension OTHER_NODE = service();

    private static RosterExtension service() {
        return new RosterExtension()
                .on(DATABASE)
                .with("MAIL", "mailbox")
                .with("MAIL_LINKS", "https://app.example.com")
                .with("EMAIL_VERIFICATION", "optional")
                .with("MAILS_PER_ADDRESS", "3")
                .with("MAILS_PER_CLIENT", "0")
                .with("LOGIN_FAILURES", "3")
                .with("LOGIN_FAILURES_ANYWHERE", "3");
    }

    private final Api api = ROSTER.api();
    private final AdminApi admin =
            new AdminApi(ROSTER.admin(), TestKeys.make(ROSTER.jdbi(), Scope.USERS_READ, Scope.USERS_WRITE));
    private final EmailChangeRequests requests = new EmailChangeRequests(api);
    private final SentMails mails = new SentMails(ROSTER);
    private final TestUser user = api.newUser();
    private final String email = Api.newEmail();

    private ObjectNode read() {
        return (ObjectNode) api.get("/users/me", user.token()).expect(200).body();
    }

    private String changeToken(String address) {
        return mails.tokens("email_change", address).get(0);
    }

    private String revertToken() {
        return mails.tokens("email_change_notice", user.email()).get(0);
    }

    @Test
    void anotherAddressNeedsTheCurrentPassword() {
        Reply missing = requests.changeWithoutPassword(user, email).expectInvalid("current_password");

        assertThat(missing.errors()).containsEntry("current_password", "is required with email");
        wrongPassword().expectProblem(403, "forbidden");
        assertThat(read().has("pending_email")).isFalse();
        assertThat(mails.kindsTo(email)).isEmpty();
        assertThat(mails.kindsTo(user.email())).containsExactly("verification");
    }

    private Reply wrongPassword() {
        return api.put("/users/me", user.token(), Map.of("email", email, "current_password", "wrong"));
    }

    /** B1 */
    @Test
    void wrongPasswordsAreCounted() {
        for (int i = 0; i < 3; i++) {
            wrongPassword().expect(403);
        }

        wrongPassword().expectProblem(429, "too-many-requests");
        requests.change(user, email).expectProblem(429, "too-many-requests");
        assertThat(read().has("pending_email")).isFalse();
    }

    @Test
    void presentAddressNeedsNoPasswordAndAnotherSpellingChangesAtOnce() {
        requests.changeWithoutPassword(user, user.email()).expect(200);
        String spelling = user.email().toUpperCase(Locale.ROOT);

        Reply changed = requests.changeWithoutPassword(user, spelling).expect(200);

        assertThat(changed.body().path("email").asText()).isEqualTo(spelling);
        assertThat(changed.body().has("pending_email")).isFalse();
    }

    @Test
    void takenAddressIsRefusedAtOnce() {
        TestUser other = api.newUser();

        requests.change(user, other.email()).expectProblem(409, "email-taken");

        assertThat(read().has("pending_email")).isFalse();
        assertThat(mails.kindsTo(other.email())).containsExactly("verification");
    }

    @Test
    void requestChangesTheEntityTagAndEvaluatesPreconditions() {
        String tag = tag(api.get("/users/me", user.token()));
        Map<String, String> body = Map.of("email", email, "current_password", Api.PASSWORD);

        Reply requested = api.put("/users/me", user.token(), body, tag).expect(200);

        assertThat(tag(requested)).isNotEqualTo(tag);
        api.put("/users/me", user.token(), body, tag).expectProblem(412, "version-conflict");
        api.put("/users/me", user.token(), body, tag(requested)).expect(200);
    }

    private static String tag(Reply reply) {
        return String.valueOf(reply.expect(200).header("ETag"));
    }

    @Test
    void otherNodesLearnOfTheRequestAndItsConfirmation() {
        Api other = OTHER_NODE.api();
        assertThat(other.get(user.path(), user.token()).expect(200).body()).isEqualTo(read());

        requests.change(user, email).expect(200);
        Poll.until("the other node shows the request", Duration.ofSeconds(20), () -> pending(other)
                .equals(email));

        requests.confirm(changeToken(email)).expect(200);
        Poll.until("the other node shows the confirmation", Duration.ofSeconds(20), () -> pending(other)
                .isEmpty());
        assertThat(other.get(user.path(), user.token()).expect(200).body()).isEqualTo(read());
    }

    private String pending(Api node) {
        return node.get(user.path(), user.token())
                .expect(200)
                .body()
                .path("pending_email")
                .asText();
    }

    /** A client that sends back the whole user does not cancel the change. */
    @Test
    void userThatIsSentBackKeepsThePendingAddress() {
        requests.change(user, email).expect(200);

        api.put("/users/me", user.token(), read().put("name", "Grace").toString())
                .expect(200);

        assertThat(read().path("pending_email").asText()).isEqualTo(email);
        requests.confirm(changeToken(email)).expect(200);
    }

    /** It ends the link, so it ends the change too. */
    @Test
    void anotherSpellingCancelsThePendingChange() {
        requests.change(user, email).expect(200);
        String spelling = user.email().toUpperCase(Locale.ROOT);

        Reply changed = api.put(
                        "/users/me", user.token(), read().put("email", spelling).toString())
                .expect(200);

        assertThat(changed.body().path("email").asText()).isEqualTo(spelling);
        assertThat(changed.body().has("pending_email")).isFalse();
        requests.confirm(changeToken(email)).expectInvalid("token");
    }

    @Test
    void newPasswordAndNewAddressTakeOneCheck() {
        Map<String, String> both = new HashMap<>(Map.of("email", email, "password", ResetRequests.NEW_PASSWORD));
        api.put("/users/me", user.token(), both).expectInvalid("current_password");
        both.put("current_password", "wrong");
        api.put("/users/me", user.token(), both).expect(403);
        both.put("current_password", Api.PASSWORD);

        Reply changed = api.put("/users/me", user.token(), both).expect(200);

        assertThat(changed.body().path("pending_email").asText()).isEqualTo(email);
        assertThat(mails.kindsTo(user.email()))
                .containsExactly("verification", "password_changed", "email_change_notice");
        requests.confirm(changeToken(email)).expect(200);
        api.login(email, ResetRequests.NEW_PASSWORD).expect(200);
    }

    @Test
    void ofSimultaneousRequestsTheLastOneCounts() throws Exception {
        List<Reply> replies = Concurrently.run(8, i -> requests.change(user, i + email));

        assertThat(replies).extracting(Reply::status).containsOnly(200);
        String wanted = read().path("pending_email").asText();
        requests.confirm(changeToken(wanted)).expect(200);
        for (int i = 0; i < 8; i++) {
            if (!(i + email).equals(wanted)) {
                requests.confirm(changeToken(i + email)).expectInvalid("token");
            }
        }
    }

    /** The answer does not tell: the address may be a stranger's. */
    @Test
    void strangerGetsAtMostThreeMailsAnHour() {
        for (int i = 0; i < 5; i++) {
            assertThat(requests.change(i < 3 ? user : api.newUser(), email)
                            .expect(200)
                            .body()
                            .path("pending_email")
                            .asText())
                    .isEqualTo(email);
        }

        assertThat(mails.tokens("email_change", email)).hasSize(3);
    }

    @Test
    void ownerCancelsARequestThatIsNotConfirmed() {
        requests.change(user, email).expect(200);

        requests.revert(revertToken()).expect(204);

        api.get("/users/me", user.token()).expectInvalidToken();
        requests.confirm(changeToken(email)).expectInvalid("token");
        assertThat(mails.kindsTo(user.email()))
                .containsExactly("verification", "email_change_notice", "password_reset");
        assertThat(mails.kindsTo(email)).containsExactly("email_change");
        // Whoever asked for the change knows the password.
        api.login(user.email(), Api.PASSWORD).expectProblem(403, "password-reset-required");
        new ResetRequests(api)
                .confirm(mails.tokens("password_reset", user.email()).get(0))
                .expect(204);
        api.login(user.email(), ResetRequests.NEW_PASSWORD).expect(200);
    }

    @Test
    void ownerRevertsAChangeThatIsConfirmed() {
        requests.change(user, email).expect(200);
        requests.confirm(changeToken(email)).expect(200);

        requests.revert(revertToken()).expect(204);

        api.get("/users/me", user.token()).expectInvalidToken();
        api.login(email, Api.PASSWORD).expect(401);
        api.login(user.email(), Api.PASSWORD).expectProblem(403, "password-reset-required");
    }

    /** The thief confirms a change, and lets the owner confirm the way back. */
    @Test
    void confirmedReturnEndsTheLinkOfTheThief() {
        requests.change(user, email).expect(200);
        requests.confirm(changeToken(email)).expect(200);
        requests.change(user, user.email()).expect(200);
        String link = mails.tokens("email_change_notice", email).get(0);

        requests.confirm(changeToken(user.email())).expect(200);

        requests.revert(link).expectInvalid("token");
        requests.revert(revertToken()).expect(204);
    }

    /** A thief who knows the password uses up the limit of notices with spellings, which need no password. */
    @Test
    void limitOfNoticesDoesNotKeepThePasswordOfAThiefInUse() {
        for (int i = 0; i < 4; i++) {
            requests.changeWithoutPassword(user, i % 2 == 0 ? user.email().toUpperCase(Locale.ROOT) : user.email())
                    .expect(200);
        }
        requests.change(user, email).expect(200);

        requests.revert(revertToken()).expect(204);

        api.login(user.email(), Api.PASSWORD).expectProblem(403, "password-reset-required");
    }

    @Test
    void operatorsChangeAtOnceAndEndThePendingChange() {
        requests.change(user, email).expect(200);
        String token = changeToken(email);
        String chosen = Api.newEmail();

        Reply changed = admin.put(user.path(), Map.of("email", chosen), "*").expect(200);

        assertThat(changed.body().path("email").asText()).isEqualTo(chosen);
        assertThat(changed.body().path("pending_email").isNull()).isTrue();
        requests.confirm(token).expectInvalid("token");
        assertThat(read().path("email").asText()).isEqualTo(chosen);
    }

    @Test
    void closedAccountHasNoPendingChange() {
        Map.of("/disable", 200, "/password-reset", 204).forEach((action, status) -> {
            TestUser closed = api.newUser();
            String wanted = Api.newEmail();
            requests.change(closed, wanted).expect(200);

            admin.post(closed.path() + action, "{}").expect(status);

            assertThat(admin.get(closed.path())
                            .expect(200)
                            .body()
                            .path("pending_email")
                            .isNull())
                    .isTrue();
            requests.confirm(changeToken(wanted)).expectInvalid("token");
        });
    }
}
