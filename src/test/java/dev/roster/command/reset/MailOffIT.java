package dev.roster.command.reset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.apikey.Scope;
import dev.roster.mail.SentMails;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.http.AdminApi;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** With {@code MAIL=off}, the routes do not exist, and nothing writes a mail. */
class MailOffIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    private final Api api = ROSTER.api();
    private final ResetRequests reset = new ResetRequests(api);
    private final TestUser user = api.newUser();

    @Test
    void routesDoNotExist() {
        reset.request(user.email()).expectProblem(404, "not-found");
        reset.confirm("A".repeat(64)).expectProblem(404, "not-found");
        api.raw("GET", "/api/v1/auth/password-reset").expectProblem(404, "not-found");
        api.post("/auth/verification", Map.of("email", user.email())).expectProblem(404, "not-found");
        api.post("/auth/verification/confirm", Map.of("token", "A".repeat(64))).expectProblem(404, "not-found");
        for (String path : List.of("/auth/email-change/confirm", "/auth/email-change/revert")) {
            api.post(path, Map.of("token", "A".repeat(64))).expectProblem(404, "not-found");
        }
    }

    @Test
    void invitationIsRefused() {
        AdminApi admin = new AdminApi(ROSTER.admin(), TestKeys.make(ROSTER.jdbi(), Scope.USERS_WRITE));
        String email = Api.newEmail();

        Reply refused = admin.post("/users", Map.of("name", "A", "email", email, "invite", true))
                .expectInvalid("invite");

        assertThat(refused.errors()).containsEntry("invite", "needs a mail, and MAIL is off");
        admin.post("/users", Map.of("name", "A", "email", email, "invite", false))
                .expect(201); // the address is free
    }

    @Test
    void changesOfPasswordsAndAddressesWriteNoMail() {
        AdminApi admin = new AdminApi(ROSTER.admin(), TestKeys.make(ROSTER.jdbi(), Scope.USERS_WRITE));

        api.put(
                        "/users/me",
                        user.token(),
                        Map.of("password", ResetRequests.NEW_PASSWORD, "current_password", Api.PASSWORD))
                .expect(200);
        String email = Api.newEmail();
        Reply changed =
                api.put("/users/me", user.token(), Map.of("email", email)).expect(200);
        assertThat(changed.body().path("email").asText()).isEqualTo(email);
        assertThat(changed.body().has("pending_email")).isFalse();
        admin.put(user.path(), Map.of("password", Api.PASSWORD, "email", user.email()), "*")
                .expect(200);
        admin.post(user.path() + "/password-reset").expect(204);

        assertThat(new SentMails(ROSTER).count()).isZero();
        long tokens = ROSTER.jdbi().withHandle(handle -> handle.createQuery("SELECT count(*) FROM mail_tokens")
                .mapTo(Long.class)
                .one());
        assertThat(tokens).isZero();
    }
}
