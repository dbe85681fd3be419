package dev.roster.admin.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.apikey.Scope;
import dev.roster.command.reset.ResetRequests;
import dev.roster.mail.SentMails;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.http.AdminApi;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import dev.roster.support.process.Shell;
import dev.roster.support.process.Shell.Event;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Operators invite people, who set their first password with a link in a mail. */
class InviteIT {
    private static final Pattern LINK =
            Pattern.compile("https://example\\.org/account/reset#token=([A-Za-z0-9_-]{64})\\b");

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .with("MAIL", "mailbox")
            .with("MAIL_LINKS", "https://example.org/account")
            .with("MAILS_PER_ADDRESS", "1")
            .with("RESET_LIFETIME", "10m")
            .with("VERIFICATION_LIFETIME", "3d");

    private final Api api = ROSTER.api();
    private final AdminApi admin = new AdminApi(ROSTER.admin(), TestKeys.makeForAll(ROSTER.jdbi()));
    private final ResetRequests reset = new ResetRequests(api);
    private final SentMails mails = new SentMails(ROSTER);
    private final Shell shell = new Shell(ROSTER.database());
    private final String email = Api.newEmail();

    @AfterAll
    static void verifyAuditTrail() {
        new Shell(ROSTER.database()).verifyAudit();
    }

    @Test
    void invitedUserSetsAPasswordWithTheLink() {
        Reply created = invite().expect(201);

        assertThat(created.header("ETag")).isEqualTo("\"1\"");
        assertThat(created.body().path("email_verified").booleanValue()).isFalse();
        api.login(email, Api.PASSWORD).expectProblem(401, "invalid-credentials");
        JsonNode mail = mailbox();
        assertThat(mail.path("kind").asText()).isEqualTo("invitation");
        assertThat(mail.path("text").asText()).contains("3 days").doesNotContain("A Person");

        reset.confirm(token(mail)).expect(204);

        JsonNode user =
                api.login(email, ResetRequests.NEW_PASSWORD).expect(200).body().path("user");
        assertThat(user.path("id")).isEqualTo(created.body().path("id"));
        assertThat(user.path("email_verified").booleanValue()).isTrue();
        reset.confirm(token(mail)).expectInvalid("token");
    }

    @Test
    void invitationIsRecorded() {
        UUID id = id(invite().expect(201));

        assertThat(mails.to(id)).containsExactly("invitation " + email);
        assertThat(shell.eventsOf(id)).extracting(Event::type).containsExactly("registered", "invited");
    }

    @Test
    void invitationIsAlsoSentPastTheLimitOfTheAddress() {
        reset.request(email).expect(202);
        reset.request(email).expect(202);

        UUID id = id(invite().expect(201));

        assertThat(mails.to(id)).containsExactly("invitation " + email);
    }

    /** The link is one to set a password: the latest of these works, until the address changes. */
    @Test
    void laterLinkOrAnotherAddressEndsTheInvitation() {
        UUID id = id(invite().expect(201));
        String invitation = token(mailbox());
        admin.post("/users/" + id + "/password-reset").expect(204);
        String later = mails.token(id);

        reset.confirm(invitation).expectInvalid("token");
        admin.put("/users/" + id, Map.of("email", Api.newEmail()), "*").expect(200);
        reset.confirm(later).expectInvalid("token");
    }

    @Test
    void userIsNotInvitedWithAPassword() {
        Reply refused = admin.post(
                        "/users", Map.of("name", "A", "email", email, "password", Api.PASSWORD, "invite", true))
                .expectInvalid("invite");

        assertThat(refused.errors()).containsEntry("invite", "must be false with a password");
        assertThat(mails.kindsTo(email)).isEmpty();
        admin.post("/users", Map.of("name", "A", "email", email, "password", Api.PASSWORD, "invite", false))
                .expect(201);
        assertThat(mails.kindsTo(email)).isEmpty();
    }

    @Test
    void takenAddressIsNotInvited() {
        Api.TestUser user = api.newUser();

        admin.post("/users", Map.of("name", "A", "email", user.email(), "invite", true))
                .expectProblem(409, "email-taken");

        assertThat(mails.to(user.id())).isEmpty();
    }

    @Test
    void keyNeedsTheScopeToCreateUsers() {
        AdminApi reader = new AdminApi(ROSTER.admin(), TestKeys.make(ROSTER.jdbi(), Scope.USERS_READ));

        reader.post("/users", Map.of("name", "A", "email", email, "invite", true))
                .expectProblem(403, "insufficient-scope");

        assertThat(mails.kindsTo(email)).isEmpty();
    }

    /** The command writes the mail; a node sends it. */
    @Test
    void commandInvitesToo() {
        Shell withMail = shell.with("MAIL", "mailbox").with("MAIL_LINKS", "https://example.org/account");

        var outcome = withMail.run("create-user", "--name", "A", "--email", email, "--role", "admin", "--invite");

        assertThat(outcome.errors()).isEmpty();
        JsonNode mail = mailbox();
        assertThat(mail.path("kind").asText()).isEqualTo("invitation");
        reset.confirm(token(mail)).expect(204);
        JsonNode user =
                api.login(email, ResetRequests.NEW_PASSWORD).expect(200).body().path("user");
        assertThat(user.path("role").asText()).isEqualTo("admin");
        assertThat(outcome.output()).isEqualTo("created " + user.path("id").asText() + " with an invitation\n");
        assertThat(shell.eventsOf(UUID.fromString(user.path("id").asText())))
                .contains(Event.of("registered", null), Event.of("invited", null));
    }

    @Test
    void commandDoesNotInviteWithoutMail() {
        Shell.expectRefusal(
                shell.run("create-user", "--name", "A", "--email", email, "--invite"),
                "create-user: --invite needs a mail, and MAIL is off");

        assertThat(mails.kindsTo(email)).isEmpty();
        invite().expect(201); // the address is free
    }

    private Reply invite() {
        return admin.post("/users", Map.of("name", "A Person", "email", email, "invite", true));
    }

    private static UUID id(Reply created) {
        return UUID.fromString(created.body().path("id").asText());
    }

    /** The only mail to the address, in the mailbox on the admin port. */
    private JsonNode mailbox() {
        JsonNode all = new Api(ROSTER.admin())
                .send(HttpRequest.newBuilder(URI.create(ROSTER.admin() + "/mailbox"))
                        .header("Accept", "application/json"))
                .expect(200)
                .body()
                .path("mails");
        List<JsonNode> found = all.findParents("to").stream()
                .filter(mail -> mail.path("to").asText().equals(email))
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static String token(JsonNode mail) {
        List<String> tokens = LINK.matcher(mail.path("text").asText())
                .results()
                .map(MatchResult::group)
                .toList();
        assertThat(tokens).hasSize(1);
        return tokens.get(0).substring(tokens.get(0).indexOf('=') + 1);
    }
}
