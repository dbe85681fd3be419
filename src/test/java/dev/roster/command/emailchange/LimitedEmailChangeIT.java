package dev.roster.command.emailchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The limit of mails from one client address refuses changes, whose passwords are checked before. */
class LimitedEmailChangeIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .with("MAIL", "mailbox")
            .with("MAIL_LINKS", "https://app.example.com")
            .with("EMAIL_VERIFICATION", "optional")
            .with("MAILS_PER_CLIENT", "1")
            .with("CHANGES", "1")
            .with("CHANGES_AT_ONCE", "2");

    private final Api api = ROSTER.api();
    private final EmailChangeRequests requests = new EmailChangeRequests(api);

    /** Otherwise somebody could have any number of passwords checked. */
    @Test
    void changeThatTheLimitOfMailsRefusesCountsAsAChange() {
        TestUser user = api.newUser();
        String email = Api.newEmail();
        requests.change(user, email).expect(200);

        requests.change(user, Api.newEmail()).expectProblem(429, "too-many-requests");

        assertThat(api.get("/users/me", user.token())
                        .expect(200)
                        .body()
                        .path("pending_email")
                        .asText())
                .isEqualTo(email);
        api.put("/users/me", user.token(), Map.of("name", "Grace")).expectProblem(429, "too-many-requests");
    }
}
