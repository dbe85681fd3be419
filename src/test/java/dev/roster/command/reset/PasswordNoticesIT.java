package dev.roster.command.reset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.apikey.Scope;
import dev.roster.mail.SentMails;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.http.AdminApi;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The mails about passwords that users change, that operators set, and that operators require. */
class PasswordNoticesIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .with("MAIL", "mailbox")
            .with("MAIL_LINKS", "https://app.example.com")
            .with("MAILS_PER_ADDRESS", "3");

    private final Api api = ROSTER.api();
    private final AdminApi admin =
            new AdminApi(ROSTER.admin(), TestKeys.make(ROSTER.jdbi(), Scope.USERS_READ, Scope.USERS_WRITE));
    private final ResetRequests reset = new ResetRequests(api);
    private final SentMails mails = new SentMails(ROSTER);
    private final TestUser user = api.newUser();

    private final Map<String, String> newPassword =
            Map.of("password", ResetRequests.NEW_PASSWORD, "current_password", Api.PASSWORD);

    @Test
    void changedPasswordIsToldAndEndsLinks() {
        reset.request(user.email()).expect(202);
        String token = mails.token(user.id());

        api.put("/users/me", user.token(), newPassword).expect(200);

        assertThat(mails.to(user.id()))
                .containsExactly("password_reset " + user.email(), "password_changed " + user.email());
        reset.confirm(token).expectInvalid("token");
    }

    /** Whoever takes an account over changes both. */
    @Test
    void changedPasswordIsToldAtTheAddressOfBefore() {
        Map<String, String> both = new HashMap<>(newPassword);
        both.put("email", Api.newEmail());

        api.put("/users/me", user.token(), both).expect(200);

        assertThat(mails.to(user.id()))
                .containsExactly("password_changed " + user.email(), "email_change_notice " + user.email());
    }

    /** Otherwise a thief of an access token could change the address, and the owner would hear nothing. */
    @Test
    void changedAddressIsToldAtTheAddressOfBeforeAndEndsLinks() {
        reset.request(user.email()).expect(202);
        String token = mails.token(user.id());

        api.put("/users/me", user.token(), Map.of("email", Api.newEmail())).expect(200);
        api.put("/users/me", user.token(), Map.of("email", user.email())).expect(200);

        assertThat(mails.to(user.id()))
                .startsWith("password_reset " + user.email(), "email_change_notice " + user.email())
                .hasSize(3);
        reset.confirm(token).expectInvalid("token");
    }

    @Test
    void addressGetsAtMostThreeNoticesAnHour() {
        for (int i = 0; i < 5; i++) {
            admin.put(user.path(), Map.of("password", ResetRequests.NEW_PASSWORD + i), "*")
                    .expect(200);
        }

        assertThat(mails.to(user.id())).hasSize(3).containsOnly("password_changed " + user.email());
    }

    @Test
    void changesOfOtherMembersAndWrongPasswordsAreNotTold() {
        api.put("/users/me", user.token(), Map.of("name", "Grace")).expect(200);
        api.put("/users/me", user.token(), Map.of("password", "Third-Horse-9", "current_password", "wrong"))
                .expect(403);

        assertThat(mails.to(user.id())).isEmpty();
    }

    @Test
    void passwordThatAnOperatorSetsIsToldAtTheAddressOfBefore() {
        reset.request(user.email()).expect(202);
        String token = mails.token(user.id());

        admin.put(user.path(), Map.of("password", ResetRequests.NEW_PASSWORD, "email", Api.newEmail()), "*")
                .expect(200);

        assertThat(mails.to(user.id()))
                .containsExactly(
                        "password_reset " + user.email(),
                        "email_change_notice " + user.email(),
                        "password_changed " + user.email());
        reset.confirm(token).expectInvalid("token");
    }

    @Test
    void changesOfAnOperatorWithoutAPasswordAreNotTold() {
        admin.put(user.path(), Map.of("name", "Grace"), "*").expect(200);

        assertThat(mails.to(user.id())).isEmpty();
    }

    @Test
    void resetThatAnOperatorRequiresSendsALink() {
        admin.post(user.path() + "/password-reset").expect(204);

        assertThat(mails.to(user.id())).containsExactly("password_reset " + user.email());
        api.login(user.email(), Api.PASSWORD).expectProblem(403, "password-reset-required");
        reset.confirm(mails.token(user.id())).expect(204);
        api.login(user.email(), ResetRequests.NEW_PASSWORD).expect(200);
    }

    @Test
    void disablingEndsLinksAndSendsNoMail() {
        reset.request(user.email()).expect(202);
        String token = mails.token(user.id());

        admin.post(user.path() + "/disable", Map.of()).expect(200);

        assertThat(mails.to(user.id())).containsExactly("password_reset " + user.email());
        reset.confirm(token).expectInvalid("token");
    }
}
